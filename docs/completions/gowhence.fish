complete --keep-order --exclusive --command gowhence --arguments "(COMPLETE=fish gowhence -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
