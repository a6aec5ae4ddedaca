"""What trained taggers say of labels: review, suggest."""
