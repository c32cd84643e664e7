### Күй беті қазақша. Негізгі мәтін – осы файл; үш файлда да бірдей хабарлар бар.

## Бет жиегі

page-title = Дабыл: Қазақстандағы интернеттің қазіргі жағдайы
brand = Дабыл
tagline = Қазақстандағы интернеттің қазіргі жағдайы
skip = Жауапқа өту
languages-label = Тіл
refresh-is-on = Бет минут сайын өзі жаңарады.
refresh-stop = Жаңартуды тоқтату
refresh-is-off = Бет өздігінен жаңармайды.
refresh-start = Минут сайын жаңарту

## Жауап

answer-never = Әзірге дерек келген жоқ
answer-blind = Біз ештеңе көрмей тұрмыз: { $span } бірде-бір зондтан дерек келген жоқ
answer-late = Ел ішінен жаңа өлшеу келген жоқ
answer-too-few =
    { $probes ->
        [1] Бір ғана зонд дерек жіберіп тұр: бұл қорытындыға аз
       *[other] Екі зонд қана дерек жіберіп тұр: бұл қорытындыға аз
    }
answer-undecided = Зондтардан дерек келіп тұр, бірақ әзірге қорытынды жасауға болмайды
answer-ok = Біз бақылайтын сайттар мен қызметтердің бәрі қолжетімді
answer-almost = Біз бақылайтын сайттар мен қызметтердің бәрі дерлік қолжетімді
answer-degraded = Біз бақылайтын сайттар мен қызметтердің көбі қолжетімді, бірақ іркіліс бар
answer-services = Бәрі дерлік қолжетімді, бірақ мыналарда іркіліс бар: { $names }
answer-silent = { $regions } өңір үнсіз қалды
answer-trouble = { $regions } өңірде іркіліс бар
answer-trouble-all = Дерек беріп тұрған { $regions } өңірдің бәрінде іркіліс бар
answer-trouble-nowhere = Біз бақылайтын сайттар мен қызметтердің бір бөлігі қолжетімсіз
answer-cut-foreign = Шетелдік сайттардың бәрі дерлік қолжетімсіз
answer-cut-domestic = Ел ішіндегі сайттардың бәрі дерлік қолжетімсіз
answer-cut-both = Біз бақылайтын сайттар мен қызметтердің бәрі дерлік қолжетімсіз
answer-few =
    { $probes ->
        [1] Жалғыз зондтың дерегі бойынша: { $answer }
       *[other] Екі зондтың дерегі бойынша: { $answer }
    }

lede-never = Бізге әлі бірде-бір зонд ештеңе жіберген жоқ. Дерек келгенше бұл бет желі туралы ештеңе айта алмайды.
lede-blind = Үнсіздіктің себебі байланыстың үзілуі, жарықтың өшуі немесе өзіміздегі ақау болуы мүмкін. Төмендегінің бәрі – «қолжетімді» емес, «белгісіз».
lede-late = Келген өлшеулер шетелде немесе бұрынырақ жасалған, { $window } ішінде емес: олар елдегі қазіргі жағдайды көрсетпейді.
lede-too-few = 3 зондтан азы көрген нәрсе көрсетілмейді: ол бір адамның желісін әшкерелер еді.
lede-undecided = Зондтардың өз желісі істемей тұруы немесе салыстыратын сенімді өлшеу болмауы мүмкін. Анықтай алмаған нәрсені біз ешқашан «қолжетімді» деп көрсетпейміз.
lede-calm = Бұл – төменде аталған жерлер мен қызметтерге қатысты { $window } ішіндегі жағдай. Зонд жоқ жерде не болып жатқаны белгісіз.
lede-trouble = Мұны зондтар { $window } ішінде өлшеді. Мұнда не істемей тұрғаны айтылады, оны кім және неге жасағаны айтылмайды.
lede-silent = Ол жақтағы зондтар соңғы аптада дерек жіберген, ал қазір жібермей тұр. Байланыс үзілген, жарық өшкен немесе зондтар өшірілген болуы мүмкін.
note-few = Мұндай аз зондқа қарап бүкіл ел туралы айтуға болмайды.
note-thin = { $regions } өңірде мұны 3 зондтан азы ғана айтып тұр.
note-services = Іркіліс байқалған қызметтер: { $names }.
note-blind = Ел ішінен жаңа өлшеу келген жоқ: төмендегі көрсеткіштер белгісіз, бұл «қолжетімді» дегенді білдірмейді.
note-others = Бұған қоса, тағы { $count } оқиға жалғасып жатыр.
note-silent = Бұған қоса, бұрын дерек беріп тұрған { $regions } өңір үнсіз.

## Қабырғадағы тақта

wall-stale = Бұл суретке бір минуттан асты: жинақтаушы сервер жауап бермейді. Біз өзіміз ештеңе көрмей тұрмыз.
wall-lasting = Қазір не жалғасып жатыр
wall-more = және тағы { $count }

## Бес сұрақ

questions-heading = Бес сұрақ
question-where = Қай жерде?
question-since = Қашаннан бері?
question-sure = Қаншалықты сенімдіміз?
question-works = Не жұмыс істеп тұр?
question-heard = Соңғы дерек
where-unknown = Белгісіз
where-nowhere = Біз бақылап тұрған жерде іркіліс жоқ
where-spread = Белгілі бір өңірге ғана қатысты емес
where-untold = Өңірі айтылмаған
where-rest = Басқа жерде елеулі іркіліс байқалмайды.
where-look = Біз 20 өңірдің ішінен { $regions } өңірден бақылап тұрмыз.
where-more = { $names } және тағы { $more }
since-calm = Қазір іркіліс жоқ
since-unknown = Белгісіз
since-window = Бұл { $window } ішінде байқалды
since-note = Қашан басталғаны әлі анықталған жоқ.
since-began = Басталды: { $ago }
since-blind = { $span } үнсіз
sure-none = Мүлде сенімді емеспіз
sure-low = Онша сенімді емеспіз
sure-medium = Біршама сенімдіміз
sure-high = Айтарлықтай сенімдіміз
sure-note = Күтілген { $expected } зондтың { $probes } зонды байланыста; { $regions } өңір, { $operators } оператор.
works-home = Қазақстандық сайттар
works-abroad = Шетелдік сайттар
heard-never = Әлі келген жоқ

## Күйлердің атаулары; әрқайсысының өз пішіні мен түсі бар

level-ok = қолжетімді
level-degraded = шағын іркіліс
level-warning = елеулі іркіліс
level-cut = үзілген
level-unknown = дерек жоқ
level-silent = үнсіз
service-cut = қолжетімсіз

## Сандар мен уақыт

window = соңғы { $count } минут
percent = { $value }{ "\u00A0" }%
figure-none = дерек жоқ
figure-few = зонд аз
figure-withheld = көрсетілмейді
probes =
    { $probes ->
        [0] зонд жоқ
       *[other] { $probes } зонд
    }
probes-of = { $probes } / { $expected } зонд
ago-now = жаңа ғана
ago-seconds = { $count } секунд бұрын
ago-minutes = { $count } минут бұрын
ago-hours = { $count } сағат бұрын
ago-days = { $count } күн бұрын
span-minutes = { $count } минуттан бері
span-hours = { $count } сағаттан бері
span-days = { $count } күннен бері
moment = Қазақстан уақытымен { $local } (UTC+5), { $utc } UTC
moment-narrow = { $local } UTC+5, { $utc } UTC
moment-day = { DATETIME($day, dateStyle: "long") }
made-at = Жасалған уақыты: { $day }, { $moment }

## Өңірлер

regions-heading = Өңірлер
regions-list-heading = Барлық өңір
regions-about = Әр шаршы – бір өңір, картадағы орнына жуық орналасқан.
regions-legend = Белгілердің мағынасы
regions-caption = Әр өңірдің зондтарына ел ішіндегі және шетелдегі сайттардың қолжетімділігі, { $window }
regions-untold = { $probes } зонд өз өңірін айтпаған, сондықтан картада көрсетілмеген.
column-region = Өңір
column-home = Ел ішінде
column-abroad = Шетелде
column-heard = Соңғы дерек

## Қызметтер

services-heading = Не жұмыс істеп тұр
services-caption = Барлық зонд бойынша қолжетімділік, { $window }
services-none = Әзірге { $window } ішінде бірде-бір қызмет өлшенген жоқ.
services-quiet = Қазір өлшенбейді: { $names }.
column-service = Қызмет
column-reach = Қолжетімді
category-egov = Электрондық үкімет
category-election = Сайлау сайттары
category-government = Мемлекеттік органдар
category-bank = Банктер
category-news = Жаңалықтар
category-messenger = Мессенджерлер
category-social = Әлеуметтік желілер
category-kz = Басқа қазақстандық сайттар
category-circumvention = Бұғаттан айналып өту құралдары
category-control = Шетелдегі салыстыру сайттары
category-camera = Учаскелердегі камералар
category-health = Денсаулық сақтау
category-court = Соттар

## Операторлар

operators-heading = Операторлар
operators-caption = Әр оператордың зондтарына ел ішіндегі және шетелдегі сайттардың қолжетімділігі, { $window }
operators-none = Әлі бірде-бір зонд өз операторын айтқан жоқ.
column-operator = Оператор
operator-other = Басқа операторлар
operator-untold = Оператор айтылмаған

## Сайлау учаскелері

stations-heading = Сайлау учаскелері
stations-about = Сайлау учаскелері SMS арқылы не хабарлайды. Бір де рет жазбаған учаскелер есепке алынбайды.
stations-none = Әзірге бірде-бір учаске жазған жоқ.
stations-tally = Учаскелер күйі бойынша
stations-caption = Сайлау учаскелерінің соңғы хабарлары
column-station = Учаске
column-state = Күйі
column-said = Не жазды
station-open = ашық
station-trouble = ақау бар
station-closed = жабық
station-unknown = күйі айтылмаған
cameras-heading = Учаскелердегі камералар
cameras-caption = Зондтар камера арналарынан не көреді, алдымен ең нашар учаскелер; кескін қаралмайды
column-cameras = Әр камера
column-seen = Көрілген уақыты
camera-unknown = айту мүмкін емес
camera-fine = істейді
camera-thin = арна тым тар
camera-masked = жабылған
camera-frozen = қатып қалған
camera-off = өшірілген
camera-dead = жауап бермейді
camera-no-power = жарық жоқ
said-power = жарық жоқ
said-net = байланыс жоқ
said-nothing = ақау жоқ
said-seal = пломба бұзылған
said-fault = жабдық ақауы
said-urgent = шұғыл
said-disputed = хабарлар қайшы
said-unproven = расталмаған

## Оқиғалар

incidents-heading = Соңғы оқиғалар
incidents-none = Оқиға табылған жоқ
incidents-note = Көп зонд бір нәрсенің басталғанын қатар көргенде оқиға табылады. Зонд жоқ жерде ештеңе табылмайды.
incident-lasts = жалғасып жатыр
incident-over = аяқталды
incident-withdrawn = қайтарып алынды: кейінгі деректер растамады
incident-began = Басталуы
incident-ended = Аяқталуы
incident-said = Алғаш хабарланды
incident-silent = Ол жақтан ештеңе естілмейді. Жарықтың өшуін байланыстың үзілуінен ажырату мүмкін емес.
incident-revisions = Не, қашан хабарланды
incident-revisions-caption = Осы оқиғаның барлық редакциясы, жаңасы жоғарыда
incident-witnesses = Куәлер
incident-witnesses-about = Осыған негіз болған өлшеулердің нөмірлері.
incident-cap = Осы оқиға CAP хабарламасы түрінде
incident-json = Осы оқиға JSON түрінде
incident-back = Жауапқа қайту
column-told = Хабарланды
column-probes = Зондтар
incidents-feed = Оқиғалар таспасы (Atom)
kind-connectivity-loss = Ештеңе жауап бермейді
kind-international-loss = Шетел сайттары жауап бермейді
kind-allowlist-only = Елдегі кейбір сайттар ғана жауап береді
kind-service-block = Қызмет бұғатталған
kind-throttling = Байланыс баяулатылған
kind-tls-interception = Шифрланған байланыс ұсталады
kind-dark-from-abroad = Елдегі сайттар шетелден жауап бермейді
scope-country = Бүкіл ел
access-mobile = мобильді желілер
access-fixed = тіркелген желілер
access-unknown = түрі белгісіз желілер
timeline-heading = Соңғы 90 күн
timeline-caption = Соңғы 90 күндегі оқиғалар, не өлшенгені бойынша; бүгін оң жақта
timeline-strip = 90 күн бұрыннан бүгінге дейін
column-kind = Не
column-incidents = Оқиғалар

## Өткен сәттер және куәлер көргені

past-any = Кез келген сәттегі карта
past-heading = Карта: { $day }, { $moment }
past-about = Сол кезде жарияланған дерек, үстінде – сол кезде не болғаны туралы бүгін белгілі нәрсе: кешіккен өлшеулер оқиғаларды өзгертеді, бірақ сол кезде көрінгенді өзгертпейді.
past-none = Ол сәттің суреті сақталмаған: оқиғаларды ғана айтуға болады.
past-blind = Біз соқыр болдық: 15 минут бойы ештеңе естілмеді.
past-steps = Басқа сәттер
past-day-before = Бір күн бұрын
past-hour-before = Бір сағат бұрын
past-hour-after = Бір сағат кейін
past-day-after = Бір күн кейін
past-label = Сәт (Қазақстан уақыты, UTC+5)
past-show = Көрсету
past-caption = Сол сәттегі барлық өңір
past-incidents = Сол кезде не болып жатты
past-no-incidents = Сол кезде болған оқиға белгілі емес
incident-map = Басталғаннан екі минут кейінгі карта
incident-witnesses-caption = Куәлер не көрді
incident-check = Мұны кез келген адам тексере алады: жинақтаушы сервер дәлелдерді мына пәрменмен береді
column-measurement = Өлшеу
column-when = Қашан
column-target = Нысан
column-saw = Не көрді
column-probe = Зонд
saw-nothing = айту мүмкін емес
saw-works = істейді
saw-fails = істемейді
saw-forged = жалған сертификат
saw-slow = баяу
saw-down = сайттың өзі істемейді
saw-line = зонд желісі істемейді

## Ештеңеге апармайтын мекенжай

missing-heading = Бұл мекенжайда ештеңе жоқ
missing-incident = Мұндай атаулы оқиға мұнда белгісіз.
missing-station = Бұл учаскенің бірде-бір хаттамасы әзірге белгісіз.
missing-moment = Бұл өткен сәт емес. Болып өткен сәтті таңдаңыз.

## Бет туралы

about-heading = Бұл бет туралы
about-what = Қазақстанның әр жеріндегі еріктілердің компьютерлері жұртқа ашық сайттар мен қызметтерге кіріп көреді. Дабыл олардың көргенін сенімді өлшеулермен салыстырып, нәтижесін осында көрсетеді.
about-sure-heading = Қаншалықты сенімдіміз?
about-sure = «Айтарлықтай сенімдіміз»: кемінде 10 зонд, 3 өңір және 3 оператор. «Біршама сенімдіміз»: кемінде 3 зонд және 2 оператор. Әйтпесе «онша сенімді емеспіз». Жеке адамды анықтап алу мүмкін болмауы үшін сан тек кемінде 3 зондтың дерегі болғанда көрсетіледі.
about-levels-heading = Сөздердің мағынасы
about-levels = «Қолжетімді»: біз бақылайтынның кемінде 95 пайызы жауап береді. «Шағын іркіліс»: кемінде 80 пайызы. «Елеулі іркіліс»: кемінде 20 пайызы. «Үзілген»: одан да азы. Қазақстандық және шетелдік сайттардың қайсысы нашар болса, сол есепке алынады. Сайттың өз ақауы есептелмейді. «Үнсіз»: бұрын ол жақтағы зондтар дерек жіберген, қазір жібермей тұр.
about-privacy-heading = Құпиялық
about-privacy = Зондтардың да, оқырмандардың да мекенжайы сақталмайды. Бет сырттан ештеңе жүктемейді және скрипт іске қоспайды.
about-data-heading = Машиналар үшін
data-status = Осы бет JSON түрінде
data-incidents = Оқиғалар JSON түрінде
data-control = Салыстыру өлшеулері
data-metrics = Prometheus метрикалары
data-openapi = Интерфейс сипаттамасы
