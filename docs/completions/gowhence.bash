_complete_gowhence() {
    local line=${COMP_LINE:0:COMP_POINT} IFS=$' \t\n' words current offered skip
    read -ra words <<<"$line"
    [[ $line == *[[:blank:]] ]] && words+=('')
    current=${words[${#words[@]} - 1]}
    IFS=$'\013'
    COMPREPLY=( $(_CLAP_IFS="$IFS" _CLAP_COMPLETE_INDEX=$((${#words[@]} - 1)) COMPLETE=bash 'gowhence' -- "${words[@]}") )
    if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
        skip=${current%"${current##*:}"}
        for offered in "${!COMPREPLY[@]}"; do
            COMPREPLY[offered]=${COMPREPLY[offered]#"$skip"}
        done
    fi
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} != */ ]]; then
        COMPREPLY[0]+=' '
    fi
}
complete -o nospace -o bashdefault -F _complete_gowhence 'gowhence'
