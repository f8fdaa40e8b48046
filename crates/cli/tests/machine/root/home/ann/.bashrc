case $- in *i*) ;; *) return ;; esac
export GOFLAGS=-mod=mod
