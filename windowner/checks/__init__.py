"""What is suspicious in labelled data, found before anything is trained."""
