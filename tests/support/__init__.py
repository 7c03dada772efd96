"""What several kinds of test share: checks of the files that the application writes."""
