"""The peers, and windowner among them: each module is a process that is set up once and then asked task by task."""
