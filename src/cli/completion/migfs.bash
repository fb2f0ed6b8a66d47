# bash completion for migfs: options, their values, folders, and for `print` the files of the view.
_migfs() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} word command='' operands=0 source=''
    local options='--database= --database-file= --no-database --migrations-schema= --migrations-table= --rules= --idx=
        --poll= --timeout= --connections= --stale= --metrics --format= --severity= --base= --help --version -f -o'
    COMPREPLY=()
    [[ $current == = ]] && current=''
    [[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD - 2]}
    case $previous in
    --idx) mapfile -t COMPREPLY < <(compgen -W 'prefix position' -- "$current") ;;
    --stale) mapfile -t COMPREPLY < <(compgen -W 'refuse serve' -- "$current") ;;
    --format) mapfile -t COMPREPLY < <(compgen -W 'text json github' -- "$current") ;;
    --severity) mapfile -t COMPREPLY < <(compgen -W 'error warning note' -- "$current") ;;
    --rules | --base | --database-file) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    --database | --migrations-schema | --migrations-table | --poll | --timeout | --connections | -o) return ;;
    *)
        for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
            case $word in
            -* | =) ;;
            check | print) [[ $operands == 0 && -z $command ]] && command=$word || operands=$((operands + 1)) ;;
            *)
                operands=$((operands + 1))
                [[ $operands == 1 ]] && source=$word
                ;;
            esac
        done
        if [[ $current == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
            [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
        elif [[ $command == print && $operands == 1 ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$(migfs print --no-database "$source" / 2>/dev/null)" -- "$current")
            [[ ${COMPREPLY[0]-} == */ ]] && compopt -o nospace
        else
            local words=''
            [[ $operands == 0 && -z $command ]] && words='check print'
            mapfile -t COMPREPLY < <(compgen -d -W "$words" -- "$current")
            compopt -o filenames 2>/dev/null
        fi
        ;;
    esac
}
complete -F _migfs migfs
