<<<<<<< yours
MINE = 1
||||||| base: demo 1.0
=======
THEIRS = 1
>>>>>>> template: demo 2.0
