# Answers in Russian. Short: a text of Cyrillic letters holds 70 characters.
# $script is latin when the text is to be put into Latin letters: the words must then still be ours,
# and "НЕТ" would become "NET".
word-open = ОТКРЫТ
word-status = СТАТУС
word-closed = ЗАКРЫТ
word-power = СВЕТ
word-net = { $script ->
    [latin] ИНТЕРНЕТ
   *[other] СЕТЬ
 }
word-on = { $script ->
    [latin] ВКЛ
   *[other] ЕСТЬ
 }
word-off = { $script ->
    [latin] ВЫКЛ
   *[other] НЕТ
 }
word-turnout = ЯВКА
word-count = ПОДСЧЕТ
word-sheet = ПРОТОКОЛ
word-copy = КОПИЯ
word-received = ПРИНЯТ
word-commission = ТИК
word-camera = КАМЕРА
word-observer = НАБЛЮДАТЕЛЬ
word-seal = ПЛОМБА
word-fault = ПОЛОМКА
word-equipment = ОБОРУДОВАНИЕ
word-urgent = СРОЧНО
word-masked = ЗАКРЫТА
word-out = ВЫШЕЛ
word-back = ВЕРНУЛСЯ
word-broken = СОРВАНА
word-started = НАЧАТ
word-ready = ГОТОВ
word-handed = ВЫДАНА
word-info = ИНФО
word-tel = ТЕЛЕФОН
word-my = МОЙ

accepted = { $station } { $said }: принято
accepted-receipt = { $station } { $said }: принято, № { $receipt }
accepted-codeless = { $station } { $said }: принято без кода, № { $receipt }
tel = { $region }: прокурор { $prosecutor }, ТИК { $commission } ({ $dated })
tel-none = { $region }: телефоны неизвестны
my = { $station }: { $list }
my-none = { $station }: пока ничего не записано
info = ОТКРЫТ ЯВКА ЗАКРЫТ ПОДСЧЕТ ПРОТОКОЛ КОПИЯ ПРИНЯТ; СВЕТ СЕТЬ; КАМЕРА; НАБЛЮДАТЕЛЬ; ПЛОМБА; ПОЛОМКА; СРОЧНО
info-short = ОТКРЫТ ЯВКА ЗАКРЫТ ПОДСЧЕТ ПРОТОКОЛ КОПИЯ ПРИНЯТ
understood = Понято: { $understood }. { $wanted }

wanted-empty = Пустое сообщение. Пример: KZ-71-0379 ОТКРЫТ
wanted-too-long = Слишком длинно. Пример: KZ-71-0379 ОТКРЫТ
wanted-undecodable = Не читается. Пример: KZ-71-0379 ОТКРЫТ
wanted-partial = Часть не дошла. Пример: KZ-71-0379 ОТКРЫТ
wanted-unknown-word = Есть лишнее слово. Пример: KZ-71-0379 ОТКРЫТ
wanted-no-station = Нет номера участка, например KZ-71-0379
wanted-no-region = Нет кода региона, например KZ-71-0379
wanted-bad-station = Неверный номер участка. Пример: KZ-71-0379
wanted-unknown-region = Нет такого региона
wanted-ambiguous-region = Какой регион? Пошлите с кодом: KZ-75-0012
wanted-two-stations = Один участок в сообщении
wanted-extra-numbers = Лишние цифры. Пример: KZ-71-0379 ОТКРЫТ
wanted-no-word = Добавьте: ОТКРЫТ, ЗАКРЫТ, СТАТУС, { word-power } или { word-net }
wanted-two-words = Одно слово в сообщении
wanted-no-value = Добавьте: { word-on } или { word-off }
wanted-two-values = Одно из двух: { word-on } или { word-off }
wanted-stray-value = { word-on } и { word-off } только к { word-power } и { word-net }
wanted-no-count = Добавьте число проголосовавших: ЯВКА 1250
wanted-bad-count = После ЯВКА: час или ничего, и число до 9999
wanted-no-check = Нет двух проверочных цифр в конце
wanted-bad-check = Проверочные цифры не сходятся. Сверьте цифры
wanted-bad-code = В коде 6 цифр, в проверке 2
wanted-unknown-code = Этого кода нет на карте участка
wanted-used-code = Код уже использован. Возьмите следующий
wanted-unknown-station = Участка нет в списке
wanted-revoked = Карта участка недействительна
wanted-unproven = Пришлите с кодом карты
wanted-typo = Текст с подписью искажён. Скопируйте заново
wanted-forged = Подпись не этого участка
wanted-unknown-version = Такой текст с подписью здесь неизвестен
wanted-bad-time = Неверное время текста. Проверьте часы

alert-firing = ТРЕВОГА { $what }{ $where }
alert-resolved = ВОССТАНОВЛЕНО { $what }{ $where }
access-fixed = фиксированные сети
access-mobile = мобильные сети
alert-blind = ТРЕВОГА: мониторинг молчит { $minutes } мин. Сбои никто не видит
alert-sees = Мониторинг снова работает

page-title = SMS-шлюз
page-languages = Языки
page-at = На
page-links = Каналы связи
page-link = Канал
page-operator = Оператор
page-state = Состояние
page-signal = Сигнал
page-heard = Последняя связь (UTC)
page-waiting = В очереди
page-sent = Отправлено частей за 24 ч
page-up = работает
page-down = не работает
page-queues = Очереди
page-queue-journal = непрочитанные сообщения
page-queue-collector = отчёты для сборщика
page-queue-alerts = тревоги
page-coverage = Участки на связи
page-csv = Все участки в CSV
page-not-enrolled = Участки не внесены в список, поэтому молчащие неизвестны.
page-region = Регион
page-expected = Ожидается
page-heard-stations = На связи
page-silent = Молчат
page-rejected = Непонятые сообщения
page-time = Время (UTC)
page-why = Причина
page-text = Текст
page-odd = Не расшифровано
page-bytes = Байты
page-none = Нет.
page-state-sent = отправлено
page-state-delivered = доставлено
page-state-failed = не доставлено
page-state-expired = просрочено
page-state-unknown = неизвестно
page-from = От кого
page-disputes = Противоречивые сообщения
page-disputes-csv = Они же в CSV
page-station = Участок
page-receipt = Квитанция
page-said = Сказано
page-proof = Чем доказано
page-witnesses = Свидетели
page-proof-none = ничем
page-proof-unchecked = не сверено
page-proof-code = код карточки
page-proof-seal = подпись
wanted-unknown-probe = Этот зонд здесь неизвестен

what-connectivity-loss = нет связи
what-international-loss = нет зарубежного интернета
what-allowlist-only = открыты лишь некоторые сайты
what-service-block = блокировка сайтов
what-throttling = интернет замедлен
what-tls-interception = перехват шифрования
what-dark-from-abroad = не видно из-за рубежа
what-dabylcountrycut = интернет отключён по всей стране
what-dabylnocontact = нет вестей (это не доказательство отключения)
what-dabylblind = ни один зонд не слышен
what-dabylcollectorsilent = коллектор не отвечает
what-dabylcontrolold = нет контрольных измерений
what-dabylsmslinkdown = канал SMS не работает
what-dabylsmswaits = SMS ждут слишком долго
what-dabylledgerlate = записи журнала ждут подписи
what-dabylledgeraudit = ЖУРНАЛ НЕ СХОДИТСЯ
what-dabylledgerauditold = журнал не проверял себя
what-dabylcountoverdue = нет протокола спустя 12 часов
wanted-too-many-codes = Слишком много неверных кодов. Подождите час
