### Санақ хаттамалары: олардың беттері және іріктеп тексеру есебі.

## Іріктеп тексеру есебі

sampled-drawn = Іріктелгені: { $population } ішінен { $drawn }
sampled-same = қағазбен бірдей
sampled-differs = қағаздан өзгеше
sampled-no-paper = қағаз әлі оқылған жоқ
sampled-no-sheet = жарияланбаған
sampled-difference = { $sheet }-хаттама, { $label }: қағазда { $paper }, жарияланғаны { $published }
sampled-nothing = ештеңе
sampled-holds = { $risk } %-дан аспайтын тәуекелмен барлық { $population } ішінен { $most } хаттамадан көбі қате емес: бұл рұқсат етілген { $tolerated } % шегінде.
sampled-fails = Барлық { $population } ішінен { $most } хаттамаға дейін қате болуы мүмкін (тәуекел { $risk } %): бұл рұқсат етілген { $tolerated } %-дан көп. Көбірек іріктеңіз немесе бәрін қайта санаңыз.
