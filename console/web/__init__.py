"""The console in the browser: server-rendered pages for reviewers, leads, trainers and agents."""
