# placeholder
start_smtp() { :; }
