# shellcheck shell=bash
# bash completion for tokenadm(8). It asks tokenadm itself what to complete, so
# that it is always up to date.

# The first words of the help's matching lines.
_tokenadm_help()
{
	"${tokenadm[@]}" "$@" --help 2>/dev/null |
		sed -nE 's/^  (--[a-z-]+|[a-z]+) .*/\1/p'
}

# Ids and USER/NAME of the tokens in the given states.
_tokenadm_tokens()
{
	"${tokenadm[@]}" list --json 2>/dev/null |
		sed -nE 's/^\{"id": "([^"]*)", "user": "([^"]*)", .* "name": "([A-Za-z0-9._-]*)".*/\1\n\2\/\3/p'
}

# Files in /etc/pam.d, except those that others include.
_tokenadm_services()
{
	local file

	for file in /etc/pam.d/*; do
		case ${file##*/} in
		common-*) ;;
		*) echo "${file##*/}" ;;
		esac
	done
}

# Names of the presets in the configuration.
_tokenadm_presets()
{
	sed -nE 's/^\[preset +([A-Za-z0-9._-]+)\]$/\1/p' \
		"${tokenadm[2]-/etc/security/apitoken.conf}" 2>/dev/null
}

# Columns of list; in lower case, unless the word is in upper case.
_tokenadm_columns()
{
	local names

	names=$("${tokenadm[@]}" list --help 2>/dev/null |
		sed -n '/^Columns:/,$s/^  //p' | tr ' ' '\n')
	[[ $1 == *[A-Z]* ]] || names=${names,,}
	echo "$names"
}

# Words for the argument of the option before the cursor; false if none are
# known.
_tokenadm_argument()
{
	case $1 in
	--user | --deleted | --login) compgen -u -- "$2" ;;
	--service) _tokenadm_services; echo any ;;
	--preset) _tokenadm_presets ;;
	--scope | --need) printf '%s\n' read read,write write ;;
	--state) printf '%s\n' active not-yet revoked deactivated expired ;;
	--expires) printf '%s\n' 30d 90d 1y never ;;
	--starts) printf '%s\n' now 1d 7d ;;
	--max-sessions) printf '%s\n' 1 2 5 10 unlimited ;;
	--unused | --expiring) printf '%s\n' 7d 30d 90d ;;
	--overlap) printf '%s\n' 0s 1h 24h 7d ;;
	--hosts) printf '%s\n' all ;;
	--sort) _tokenadm_columns "$2" ;;
	--output | -o)
		if [[ $command == list ]]; then
			compgen -P "${2%"${2##*,}"}" -W "$(_tokenadm_columns "$2")"
		else
			compgen -f -- "$2"
		fi
		;;
	--config | --batch) compgen -f -- "$2" ;;
	# Of show, it takes no argument.
	--logo) [[ $command != show ]] && compgen -f -- "$2" ;;
	*) return 1 ;;
	esac
}

_tokenadm()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local tokenadm=("${COMP_WORDS[0]}") command='' words i

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--config) tokenadm+=(--config "${COMP_WORDS[++i]}") ;;
		-*) ;;
		*) command=${COMP_WORDS[i]}; break ;;
		esac
	done
	if words=$(_tokenadm_argument "$before" "$word"); then
		:
	elif [[ -z $command ]]; then
		words=$(_tokenadm_help)
	elif [[ $word == -* ]]; then
		words=$(_tokenadm_help "$command"; echo --help)
	else
		case $command in
		show | edit | revoke | approve | rotate | delete)
			words=$(_tokenadm_tokens) ;;
		list)
			words=$(compgen -u -- "$word"; _tokenadm_tokens) ;;
		backup | restore)
			words=$(compgen -f -- "$word") ;;
		doctor)
			words=$(_tokenadm_services) ;;
		fleet)
			words='init agent status export adopt' ;;
		*) words='' ;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _tokenadm tokenadm
