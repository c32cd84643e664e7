# Answers in Russian. Short: a text of Cyrillic letters holds 70 characters.
word-open = ОТКРЫТ
word-status = СТАТУС
word-closed = ЗАКРЫТ
word-power = СВЕТ
word-net = СЕТЬ
word-on = ЕСТЬ
word-off = НЕТ

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
wanted-no-word = Добавьте: ОТКРЫТ, ЗАКРЫТ, СТАТУС, СВЕТ или СЕТЬ
wanted-two-words = Одно слово в сообщении
wanted-no-value = Добавьте: ЕСТЬ или НЕТ
wanted-two-values = Одно из двух: ЕСТЬ или НЕТ
wanted-stray-value = ЕСТЬ и НЕТ только к СВЕТ и СЕТЬ
