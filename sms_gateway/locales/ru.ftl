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

accepted = { $station } { $said }: принято
understood = Понято: { $understood }. { $wanted }

wanted-empty = Пустое сообщение. Пример: KZ-71-0379 ОТКРЫТ
wanted-too-long = Слишком длинно. Пример: KZ-71-0379 ОТКРЫТ
wanted-undecodable = Не читается. Пример: KZ-71-0379 ОТКРЫТ
wanted-unknown-word = Есть лишнее слово. Пример: KZ-71-0379 ОТКРЫТ
wanted-no-station = Нет номера участка, например KZ-71-0379
wanted-no-region = Нет кода региона, например KZ-71-0379
wanted-bad-station = Неверный номер участка. Пример: KZ-71-0379
wanted-unknown-region = Нет такого региона
wanted-two-stations = Один участок в сообщении
wanted-extra-numbers = Лишние цифры. Пример: KZ-71-0379 ОТКРЫТ
wanted-no-word = Добавьте: ОТКРЫТ, ЗАКРЫТ, СТАТУС, { word-power } или { word-net }
wanted-two-words = Одно слово в сообщении
wanted-no-value = Добавьте: { word-on } или { word-off }
wanted-two-values = Одно из двух: { word-on } или { word-off }
wanted-stray-value = { word-on } и { word-off } только к { word-power } и { word-net }
