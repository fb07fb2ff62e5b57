"""What is said in the sample centre: YAML files, read by ``samples.script``."""
