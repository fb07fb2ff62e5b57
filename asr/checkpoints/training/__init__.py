"""How the shipped checkpoint is made: speech, sentences, losses, training, evaluation."""
