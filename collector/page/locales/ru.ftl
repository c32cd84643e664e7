### Страница состояния по-русски. Первый текст – kk.ftl; во всех трёх файлах одни и те же сообщения.

## Рамка

page-title = Дабыл: интернет в Казахстане сейчас
brand = Дабыл
tagline = Интернет в Казахстане сейчас
skip = Перейти к ответу
languages-label = Язык
refresh-is-on = Страница обновляется сама каждую минуту.
refresh-stop = Не обновлять
refresh-is-off = Страница не обновляется сама.
refresh-start = Обновлять каждую минуту

## Ответ

answer-never = Данных пока нет
answer-blind = Мы ничего не видим: ни один зонд не выходит на связь { $span }
answer-late = Из страны нет свежих измерений
answer-too-few =
    { $probes ->
        [1] На связи только один зонд: слишком мало, чтобы судить
       *[other] На связи только два зонда: слишком мало, чтобы судить
    }
answer-undecided = Зонды на связи, но судить пока не могут
answer-ok = Всё, за чем мы наблюдаем, доступно
answer-almost = Почти всё, за чем мы наблюдаем, доступно
answer-degraded = Большая часть того, за чем мы наблюдаем, доступна, но есть сбои
answer-services = Почти всё доступно, но есть сбои: { $names }
answer-silent =
    { $regions ->
        [one] { $regions } регион замолчал
        [few] { $regions } региона замолчали
       *[many] { $regions } регионов замолчали
    }
answer-trouble =
    { $regions ->
        [one] Сбои в { $regions } регионе
        [few] Сбои в { $regions } регионах
       *[many] Сбои в { $regions } регионах
    }
answer-trouble-all = Сбои во всех { $regions } регионах, откуда есть данные
answer-trouble-nowhere = Часть того, за чем мы наблюдаем, недоступна
answer-cut-foreign = Почти все зарубежные сайты недоступны
answer-cut-domestic = Почти все сайты внутри страны недоступны
answer-cut-both = Почти всё, за чем мы наблюдаем, недоступно
answer-few =
    { $probes ->
        [1] По данным единственного зонда: { $answer }
       *[other] По данным двух зондов: { $answer }
    }

lede-never = Ни один зонд ещё ничего не прислал. До тех пор эта страница ничего не может сказать о сети.
lede-blind = Молчание может означать отключение связи, сбой электричества или нашу собственную поломку. Всё, что ниже, неизвестно, а не доступно.
lede-late = То, что пришло, измерено за рубежом или не за { $window }: о стране сейчас это ничего не говорит.
lede-too-few = То, что видят меньше 3 зондов, не показываем: это выдало бы линию отдельного человека.
lede-undecided = Возможно, не работает их собственная линия или не с чем сравнить: нет надёжных измерений. То, о чём нельзя судить, мы никогда не показываем как доступное.
lede-calm = Это верно для мест и сервисов, перечисленных ниже, за { $window }. Там, где нет зондов, ничего не известно.
lede-trouble = Это измерили зонды за { $window }. Здесь сказано, что не работает, но не кто и почему это сделал.
lede-silent = Зонды оттуда присылали данные на прошлой неделе, а сейчас не присылают. Возможно, нет связи, нет электричества или зонды выключили.
note-few = По такому числу зондов нельзя судить обо всей стране.
note-thin =
    { $regions ->
        [one] В { $regions } регионе об этом говорят меньше 3 зондов.
        [few] В { $regions } регионах об этом говорят меньше 3 зондов.
       *[many] В { $regions } регионах об этом говорят меньше 3 зондов.
    }
note-services = Сбои видны у сервисов: { $names }.
note-blind = Из страны нет свежих измерений: показатели ниже неизвестны, это не значит «доступно».
note-others =
    { $count ->
        [one] Кроме того, длится ещё { $count } инцидент.
        [few] Кроме того, длятся ещё { $count } инцидента.
       *[many] Кроме того, длятся ещё { $count } инцидентов.
    }
note-silent =
    { $regions ->
        [one] Кроме того, молчит { $regions } регион, откуда раньше были данные.
        [few] Кроме того, молчат { $regions } региона, откуда раньше были данные.
       *[many] Кроме того, молчат { $regions } регионов, откуда раньше были данные.
    }

## Табло на стене

wall-stale = Этой картинке больше минуты: сервер сбора не отвечает. Мы сами ничего не видим.
wall-lasting = Что продолжается сейчас
wall-more = и ещё { $count }

## Пять вопросов

questions-heading = Пять вопросов
question-where = Где?
question-since = С каких пор?
question-sure = Насколько мы уверены?
question-works = Что работает?
question-heard = Последние данные
where-unknown = Неизвестно
where-nowhere = Там, куда мы смотрим, сбоев нет
where-spread = Не в каком-то одном регионе
where-untold = Регион не указан
where-rest = В других местах серьёзных сбоев не видно.
where-look =
    { $regions ->
        [one] Мы смотрим из { $regions } региона из 20.
        [few] Мы смотрим из { $regions } регионов из 20.
       *[many] Мы смотрим из { $regions } регионов из 20.
    }
where-more = { $names } и ещё { $more }
since-calm = Сейчас сбоев нет
since-unknown = Неизвестно
since-window = Видно за { $window }
since-note = Когда это началось, пока не определено.
since-began = Началось { $ago }
since-blind = Тишина { $span }
sure-none = Совсем не уверены
sure-low = Не очень
sure-medium = Довольно уверены
sure-high = Вполне уверены
sure-note =
    На связи { $probes ->
        [one] { $probes } зонд
        [few] { $probes } зонда
       *[many] { $probes } зондов
    } из { $expected }; { $regions ->
        [one] { $regions } регион
        [few] { $regions } региона
       *[many] { $regions } регионов
    }, { $operators ->
        [one] { $operators } оператор
        [few] { $operators } оператора
       *[many] { $operators } операторов
    }.
works-home = Казахстанские сайты
works-abroad = Зарубежные сайты
heard-never = Ещё не поступали

## Слова для состояний; у каждого свои форма и цвет

level-ok = доступно
level-degraded = небольшие сбои
level-warning = серьёзные сбои
level-cut = отрезано
level-unknown = нет данных
level-silent = молчит
service-cut = недоступно

## Числа и время

window =
    { $count ->
        [one] последнюю { $count } минуту
        [few] последние { $count } минуты
       *[many] последние { $count } минут
    }
percent = { $value }{ "\u00A0" }%
figure-none = нет данных
figure-few = мало зондов
figure-withheld = не показано
probes =
    { $probes ->
        [0] нет зондов
        [one] { $probes } зонд
        [few] { $probes } зонда
       *[many] { $probes } зондов
    }
probes-of =
    { $expected ->
        [one] { $probes } из { $expected } зонда
       *[other] { $probes } из { $expected } зондов
    }
ago-now = только что
ago-seconds =
    { $count ->
        [one] { $count } секунду назад
        [few] { $count } секунды назад
       *[many] { $count } секунд назад
    }
ago-minutes =
    { $count ->
        [one] { $count } минуту назад
        [few] { $count } минуты назад
       *[many] { $count } минут назад
    }
ago-hours =
    { $count ->
        [one] { $count } час назад
        [few] { $count } часа назад
       *[many] { $count } часов назад
    }
ago-days =
    { $count ->
        [one] { $count } день назад
        [few] { $count } дня назад
       *[many] { $count } дней назад
    }
span-minutes =
    уже { $count ->
        [one] { $count } минуту
        [few] { $count } минуты
       *[many] { $count } минут
    }
span-hours =
    уже { $count ->
        [one] { $count } час
        [few] { $count } часа
       *[many] { $count } часов
    }
span-days =
    уже { $count ->
        [one] { $count } день
        [few] { $count } дня
       *[many] { $count } дней
    }
moment = { $local } в Казахстане (UTC+5), { $utc } UTC
moment-narrow = { $local } UTC+5, { $utc } UTC
moment-day = { DATETIME($day, dateStyle: "long") }
made-at = Составлено { $day }, { $moment }

## Регионы

regions-heading = Регионы
regions-list-heading = Все регионы
regions-about = Каждая плитка – один регион, примерно на своём месте на карте.
regions-legend = Что означают знаки
regions-caption = Сайты в стране и за рубежом, какими их видят зонды каждого региона, за { $window }
regions-untold =
    { $probes ->
        [one] { $probes } зонд не сообщил свой регион и не отмечен ни на одной плитке.
        [few] { $probes } зонда не сообщили свой регион и не отмечены ни на одной плитке.
       *[many] { $probes } зондов не сообщили свой регион и не отмечены ни на одной плитке.
    }
column-region = Регион
column-home = В стране
column-abroad = За рубежом
column-heard = Последние данные

## Сервисы

services-heading = Что работает
services-caption = Что доступно всем зондам вместе, за { $window }
services-none = За { $window } ни один сервис не измерялся.
services-quiet = Сейчас не измеряются: { $names }.
column-service = Сервис
column-reach = Доступно
category-egov = Электронное правительство
category-election = Сайты о выборах
category-government = Государственные органы
category-bank = Банки
category-news = Новости
category-messenger = Мессенджеры
category-social = Социальные сети
category-kz = Другие казахстанские сайты
category-circumvention = Средства обхода блокировок
category-control = Контрольные сайты за рубежом
category-camera = Камеры на участках
category-health = Здравоохранение
category-court = Суды

## Операторы

operators-heading = Операторы
operators-caption = Сайты в стране и за рубежом, какими их видят зонды каждого оператора, за { $window }
operators-none = Ни один зонд ещё не сообщил своего оператора.
column-operator = Оператор
operator-other = Другие операторы
operator-untold = Оператор не указан

## Избирательные участки

stations-heading = Избирательные участки
stations-about = О чём сообщают избирательные участки по SMS. Участки, которые ни разу не писали, не учитываются.
stations-none = Ни один участок ещё не писал.
stations-tally = Участки по состояниям
stations-caption = Последние сообщения избирательных участков
column-station = Участок
column-state = Состояние
column-said = Что написали
station-open = открыт
station-trouble = неполадки
station-closed = закрыт
station-unknown = состояние не указано
cameras-heading = Камеры на участках
cameras-caption = Что зонды видят по каналам камер, сначала худшие участки; изображение не просматривается
column-cameras = Каждая камера
column-seen = Видели
camera-unknown = сказать нельзя
camera-fine = работает
camera-thin = канал слишком узкий
camera-masked = закрыта
camera-frozen = застыла
camera-off = выключена
camera-dead = не отвечает
camera-no-power = нет света
said-power = нет электричества
said-net = нет связи
said-nothing = неполадок нет
said-seal = пломба сорвана
said-fault = неисправность
said-urgent = срочно
said-disputed = сообщения противоречат
said-unproven = без подтверждения

## Инциденты

incidents-heading = Последние инциденты
incidents-none = Инцидентов не найдено
incidents-note = Инцидент находится, когда многие зонды вместе видят одно и то же. Где зондов нет, найти ничего нельзя.
incident-lasts = длится
incident-over = закончился
incident-withdrawn = отозван: поздние данные его не подтвердили
incident-began = Начало
incident-ended = Конец
incident-said = Впервые сообщено
incident-silent = Оттуда ничего не слышно. Отключение света не отличить от отключения связи.
incident-revisions = Что и когда сообщалось
incident-revisions-caption = Все редакции этого инцидента, новые сверху
incident-witnesses = Свидетели
incident-witnesses-about = Номера измерений, на которых это основано.
incident-cap = Этот инцидент как оповещение CAP
incident-json = Этот инцидент в JSON
incident-back = Назад к ответу
column-told = Сообщено
column-probes = Зонды
incidents-feed = Лента инцидентов (Atom)
kind-connectivity-loss = Ничего не отвечает
kind-international-loss = Зарубежные сайты не отвечают
kind-allowlist-only = Отвечают только некоторые сайты Казахстана
kind-service-block = Заблокирован сервис
kind-throttling = Скорость занижена
kind-tls-interception = Шифрованные соединения перехватываются
kind-dark-from-abroad = Сайты Казахстана не отвечают из-за рубежа
scope-country = Вся страна
access-mobile = мобильные сети
access-fixed = фиксированные сети
access-unknown = сети неизвестного вида
timeline-heading = Последние 90 дней
timeline-caption = Инциденты за последние 90 дней по тому, что измерено; сегодня справа
timeline-strip = От 90 дней назад до сегодня
column-kind = Что
column-incidents = Инциденты

## Прошлое и то, что видели свидетели

past-any = Карта в любой момент
past-heading = Карта: { $day }, { $moment }
past-about = То, что публиковалось тогда, и поверх – то, что сегодня известно о тогдашних инцидентах: запоздавшие измерения меняют инциденты, но не то, что было видно.
past-none = Картины того момента нет: можно назвать только инциденты.
past-blind = Мы были слепы: 15 минут не было слышно ничего.
past-steps = Другие моменты
past-day-before = На день раньше
past-hour-before = На час раньше
past-hour-after = На час позже
past-day-after = На день позже
past-label = Момент (время Казахстана, UTC+5)
past-show = Показать
past-caption = Все регионы в тот момент
past-incidents = Что длилось тогда
past-no-incidents = Об инцидентах того времени ничего не известно
incident-map = Карта через две минуты после начала
incident-witnesses-caption = Что видели свидетели
incident-check = Это может проверить каждый: сервер сбора выдаёт доказательства командой
column-measurement = Измерение
column-when = Когда
column-target = Цель
column-saw = Что видно
column-probe = Зонд
saw-nothing = судить нельзя
saw-works = работает
saw-fails = не работает
saw-forged = поддельный сертификат
saw-slow = медленно
saw-down = не работает сам сайт
saw-line = не работает линия зонда

## Адрес, который никуда не ведёт

missing-heading = По этому адресу ничего нет
missing-incident = Инцидента с таким именем здесь не знают.
missing-station = Ни один протокол этого участка здесь пока не известен.
missing-moment = Это не момент прошлого. Выберите тот, который уже был.

## О странице

about-heading = Об этой странице
about-what = Компьютеры волонтёров по всему Казахстану пробуют открыть общедоступные сайты и сервисы. Дабыл сравнивает увиденное с надёжными измерениями и показывает результат здесь.
about-sure-heading = Насколько мы уверены?
about-sure = «Вполне уверены»: не меньше 10 зондов, 3 регионов и 3 операторов. «Довольно уверены»: не меньше 3 зондов и 2 операторов. Иначе «не очень». Число показывается, только если за ним стоят 3 зонда или больше, чтобы нельзя было вычислить отдельного человека.
about-levels-heading = Что означают слова
about-levels = «Доступно»: отвечает не меньше 95 % того, за чем мы наблюдаем. «Небольшие сбои»: не меньше 80 %. «Серьёзные сбои»: не меньше 20 %. «Отрезано»: меньше. Считается худшее из двух: казахстанские сайты и зарубежные. Поломка самого сайта не учитывается. «Молчит»: раньше зонды оттуда присылали данные, а сейчас нет.
about-privacy-heading = Приватность
about-privacy = Адреса зондов и читателей не хранятся. Страница ничего не загружает со стороны и не запускает скриптов.
about-data-heading = Для машин
data-status = Эта страница в JSON
data-incidents = Инциденты в JSON
data-control = Контрольные измерения
data-metrics = Метрики для Prometheus
data-openapi = Описание интерфейса
