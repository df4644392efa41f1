PAGES = ['start']
