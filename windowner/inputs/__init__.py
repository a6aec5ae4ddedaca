"""What the network eats: vocabulary, form features, pretrained vectors, batches."""
