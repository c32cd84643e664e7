### Протоколы подсчёта: их страницы и отчёт о выборочной проверке.

## Отчёт о выборочной проверке

sampled-drawn = Выбрано: { $drawn } из { $population }
sampled-same = совпадает с бумагой
sampled-differs = расходится с бумагой
sampled-no-paper = бумага ещё не прочитана
sampled-no-sheet = не был опубликован
sampled-difference = протокол { $sheet }, { $label }: на бумаге { $paper }, опубликовано { $published }
sampled-nothing = ничего
sampled-holds = С риском не более { $risk } % неверны не больше { $most } из всех { $population }: в допустимых пределах ({ $tolerated } %).
sampled-fails = Неверными могут быть до { $most } из всех { $population } (риск { $risk } %): больше допустимого ({ $tolerated } %). Выберите больше или пересчитайте всё.
