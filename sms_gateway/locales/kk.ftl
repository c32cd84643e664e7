# Answers in Kazakh. Short: a text of Cyrillic letters holds 70 characters.
word-open = АШЫЛДЫ
word-status = ЖАҒДАЙ
word-closed = ЖАБЫЛДЫ
word-power = ЖАРЫҚ
word-net = ЖЕЛІ
word-on = БАР
word-off = ЖОҚ

accepted = { $station } { $said }: қабылданды
understood = Түсінілді: { $understood }. { $wanted }

wanted-empty = Хабарлама бос. Үлгі: KZ-71-0379 АШЫЛДЫ
wanted-too-long = Тым ұзын. Үлгі: KZ-71-0379 АШЫЛДЫ
wanted-undecodable = Оқылмады. Үлгі: KZ-71-0379 АШЫЛДЫ
wanted-unknown-word = Артық сөз бар. Үлгі: KZ-71-0379 АШЫЛДЫ
wanted-no-station = Учаске нөмірі жоқ, мысалы KZ-71-0379
wanted-no-region = Өңір коды жоқ, мысалы KZ-71-0379
wanted-bad-station = Учаске нөмірі қате. Үлгі: KZ-71-0379
wanted-unknown-region = Мұндай өңір жоқ
wanted-two-stations = Бір хабарламада бір учаске
wanted-extra-numbers = Артық сандар бар. Үлгі: KZ-71-0379 АШЫЛДЫ
wanted-no-word = Қосыңыз: АШЫЛДЫ, ЖАБЫЛДЫ, ЖАҒДАЙ, ЖАРЫҚ не ЖЕЛІ
wanted-two-words = Бір хабарламада бір сөз
wanted-no-value = Қосыңыз: БАР не ЖОҚ
wanted-two-values = Екеуінің бірі: БАР не ЖОҚ
wanted-stray-value = БАР мен ЖОҚ тек ЖАРЫҚ пен ЖЕЛІ үшін
