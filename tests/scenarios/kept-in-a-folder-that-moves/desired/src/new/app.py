import new
