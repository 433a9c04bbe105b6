/* What the module asks of the system: the time, processes, and the log. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>

#include "base/crypto.h"
#include "confine/confinement.h"
#include "confine/descriptors.h"
#include "confine/host_program.h"
#include "faults.h"
#include "fuzz.h"
#include "log_check.h"
#include "machine.h"

time_t __wrap_time(time_t *when);
int __real_clock_gettime(clockid_t clock, struct timespec *when);
int __wrap_clock_gettime(clockid_t clock, struct timespec *when);
pid_t __wrap_getpid(void);
unsigned long __real_getauxval(unsigned long type);
unsigned long __wrap_getauxval(unsigned long type);
void __wrap_syslog(int priority, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
enum err __wrap_process_self(struct process *self, struct error *why);
enum err __wrap_process_parent(struct process *parent, struct error *why);
enum err __wrap_process_parent_alike(struct process *parent, struct error *why);
bool __wrap_process_is_gone(const struct process *process);
enum err __wrap_crypto_random(void *buf, size_t len);
enum err __wrap_crypto_draw(char *out, size_t len, const char *alphabet);
bool __wrap_syslog_wait(const char *path, int patience);
enum err __wrap_host_program_find(char path[PATH_MAX], struct error *why);

time_t
__wrap_time(time_t *when)
{
	(void)when;
	return machine.now;
}

int
__wrap_clock_gettime(clockid_t clock, struct timespec *when)
{
	if (clock != CLOCK_BOOTTIME)
		return __real_clock_gettime(clock, when);
	*when = (struct timespec){.tv_sec = machine.now - MACHINE_BOOT};
	return 0;
}

unsigned long
__wrap_getauxval(unsigned long type)
{
	if (type == AT_SECURE)
		return machine.is_setuid;
	/* Who started it: not root, whoever runs the tests. */
	return type == AT_UID && machine.is_setuid ? 1000
						   : __real_getauxval(type);
}

void
__wrap_syslog(int priority, const char *format, ...)
{
	char line[4096];
	va_list args;

	(void)priority;
	va_start(args, format);
	FUZZ_REQUIRE(
	    vsnprintf(line, sizeof(line), format, args) < (int)sizeof(line));
	va_end(args);
	log_check(line);
}

/* A log that is full costs the line. */
bool
__wrap_syslog_wait(const char *path, int patience)
{
	(void)path;
	(void)patience;
	return !faults_due();
}

enum err
__wrap_process_self(struct process *self, struct error *why)
{
	if (faults_due())
		return error_set(why, ERR_SYSTEM, "no /proc");
	*self = machine.self;
	return ERR_OK;
}

enum err
__wrap_process_parent(struct process *parent, struct error *why)
{
	if (faults_due())
		return error_set(why, ERR_SYSTEM, "no /proc");
	*parent = machine.parent;
	return ERR_OK;
}

enum err
__wrap_process_parent_alike(struct process *parent, struct error *why)
{
	if (!machine.parent_alike)
		return ERR_NOT_FOUND;
	return __wrap_process_parent(parent, why);
}

bool
__wrap_process_is_gone(const struct process *process)
{
	return process->pid < machine.first_alive;
}

pid_t
__wrap_getpid(void)
{
	return (pid_t)machine.self.pid;
}

/* Replaces libapitoken/confine/confinement.c. */
enum err
confinement_check(uid_t uid, struct error *why)
{
	(void)uid;
	return machine.cannot_confine
	    ? error_set(why, ERR_SYSTEM, "no Landlock")
	    : ERR_OK;
}

/* Replaces libapitoken/confine/descriptors.c. */
enum err
descriptors_check(uid_t uid, bool executes, struct error *why)
{
	(void)uid;
	(void)executes;
	return faults_due() ? error_set(why, ERR_SYSTEM, "no /proc") : ERR_OK;
}

/* A namespace has the number of the process that made it. */
enum err
confinement_enter(struct confinement *confinement, const struct config *config,
    uid_t uid, const char *home, struct error *why)
{
	enum err rc = confinement_check(uid, why);

	FUZZ_REQUIRE(config->lock_timeout > 0 && home != NULL);
	if (rc == ERR_OK && faults_due())
		rc = error_set(why, ERR_SYSTEM, "no mount");
	if (rc == ERR_OK) {
		machine.confined = machine.self.pid;
		confinement->own.inode = machine.self.pid;
	}
	return rc;
}

enum err
confinement_enter_host(struct confinement *confinement,
    const struct config *config, uid_t uid, const char *home, struct error *why)
{
	enum err rc = confinement_enter(confinement, config, uid, home, why);

	if (rc == ERR_OK)
		confinement->session.inode = machine.self.pid;
	return rc;
}

bool
confinement_holds(const struct confinement *confinement)
{
	return confinement->own.inode == machine.self.pid;
}

bool
confinement_is_prepared(const struct confinement *confinement)
{
	return confinement->session.inode != 0;
}

enum err
confinement_narrow(struct confinement *confinement, struct error *why)
{
	FUZZ_REQUIRE(confinement_is_prepared(confinement));
	if (faults_due())
		return error_set(why, ERR_SYSTEM, "no namespace");
	machine.confined = machine.self.pid;
	return ERR_OK;
}

void
confinement_release(struct confinement *confinement)
{
	(void)confinement;
}

/* [confine] programs lists it (machine.c). */
enum err
__wrap_host_program_find(char path[PATH_MAX], struct error *why)
{
	if (faults_due())
		return error_set(why, ERR_SYSTEM, "no /proc");
	strcpy(path, "/usr/sbin/probe");
	return ERR_OK;
}

/* The same numbers in every run, so that an input always does the same. */
static uint8_t
next_random(void)
{
	machine.random = machine.random * UINT64_C(6364136223846793005) + 1;
	return (uint8_t)(machine.random >> 56);
}

enum err
__wrap_crypto_random(void *buf, size_t len)
{
	uint8_t *bytes = buf;

	if (faults_due())
		return ERR_RANDOM;
	for (size_t i = 0; i < len; i++)
		bytes[i] = next_random();
	return ERR_OK;
}

enum err
__wrap_crypto_draw(char *out, size_t len, const char *alphabet)
{
	size_t letters = strlen(alphabet);

	if (faults_due())
		return ERR_RANDOM;
	for (size_t i = 0; i < len; i++)
		out[i] = alphabet[next_random() % letters];
	return ERR_OK;
}
