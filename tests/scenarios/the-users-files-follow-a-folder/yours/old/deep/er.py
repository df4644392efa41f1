ER = 1
