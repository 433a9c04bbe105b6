/* What doctor says of sshd's penalties for refused logins. */
#include "lib/unit.h"

#include <string.h>

#include "doctor/doctor.h"

#define BEFORE "port 22\nusepam yes\n"
#define NONE "persourcepenaltyexemptlist none\n"
#define SOME "persourcepenaltyexemptlist 192.0.2.0/24\n"
#define MORE "persourcenetblocksize 32:128\n"
/* As OpenSSH 10.0 prints them. */
#define PENALTIES(authfail)                                                    \
	"persourcepenalties crash:90 authfail:" authfail                       \
	" noauth:1 grace-exceeded:10 refuseconnection:10 max:600 min:15 "      \
	"max-sources4:65536 max-sources6:65536 overflow:permissive "           \
	"overflow6:permissive\n"

static const struct row {
	const char *what, *said;
	size_t notes;
} ROWS[] = {
    {"OpenSSH before 9.8", BEFORE MORE, 0},
    {"the defaults", BEFORE NONE MORE PENALTIES("5"), 1},
    {"shorter ones", BEFORE NONE MORE PENALTIES("1"), 0},
    {"longer ones", BEFORE NONE MORE PENALTIES("50"), 0},
    {"none for refusals", BEFORE NONE MORE PENALTIES("0"), 0},
    {"none", BEFORE NONE MORE "persourcepenalties no\n", 0},
    {"none, and their words in another line",
	BEFORE NONE "persourcepenalties no\nbanner authfail:5 x\n", 0},
    {"exempt addresses", BEFORE SOME MORE PENALTIES("5"), 0},
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct report report = {0};

		doctor_sshd_penalties(&report, ROWS[i].said);
		assert_row(ROWS[i].what,
		    report_count(&report, REPORT_NOTE) == ROWS[i].notes &&
			report.count == ROWS[i].notes);
		if (report.count > 0)
			assert_non_null(strstr(report.findings[0].fix.text,
			    "PerSourcePenaltyExemptList"));
		report_free(&report);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	};

	return unit_run(tests);
}
