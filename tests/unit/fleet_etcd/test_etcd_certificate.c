#include "fleet_etcd/etcd_certificate.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/unit.h"

/* By openssl req -x509: subject /O=apitoken. */
static const char PLAIN[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBejCCASGgAwIBAgIUfvuFKHahzIP5ldFmzvyXerEC/NcwCgYIKoZIzj0EAwIw\n"
    "EzERMA8GA1UECgwIYXBpdG9rZW4wHhcNMjYxMTMwMTMzOTUzWhcNMjYxMjMwMTMz\n"
    "OTUzWjATMREwDwYDVQQKDAhhcGl0b2tlbjBZMBMGByqGSM49AgEGCCqGSM49AwEH\n"
    "A0IABEY1TPS7l5so0jvRAEkeZxU5kEDEUOcli2Ssfd1AJY0nYSWzK7G7AvUlQT30\n"
    "XD8jux7K19zPX8irgBJYN/eUb3+jUzBRMB0GA1UdDgQWBBSHW2/RV0yXL/gFKUV+\n"
    "+Kikqs1LzzAfBgNVHSMEGDAWgBSHW2/RV0yXL/gFKUV++Kikqs1LzzAPBgNVHRMB\n"
    "Af8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIHlCEAkjcow4HpLYZPKig0Y/XNuc\n"
    "oCLTWzHOtGb3LQ2vAiAmdse+OKqMdwp6b+Pig1NK2F5JaEZAiY4P5ZoZJOkTCw==\n"
    "-----END CERTIFICATE-----\n";

/* The same with /CN=web1. */
static const char NAMED[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBlzCCAT+gAwIBAgIUMd7Isswfgzy5nCB9V0AApIRL3TAwCgYIKoZIzj0EAwIw\n"
    "IjERMA8GA1UECgwIYXBpdG9rZW4xDTALBgNVBAMMBHdlYjEwHhcNMjYxMTMwMTMz\n"
    "OTUzWhcNMjYxMjMwMTMzOTUzWjAiMREwDwYDVQQKDAhhcGl0b2tlbjENMAsGA1UE\n"
    "AwwEd2ViMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEalaQPSKe8qThqj8yXd\n"
    "h/MTaxq0/qiXDK99gmxuVLH8zLOuiaXezkgmYhLUNPcsdWghFINqTQl7dYgD2lBB\n"
    "qB2jUzBRMB0GA1UdDgQWBBTXCaNfQZ62A86In4qp2DmPhlupWjAfBgNVHSMEGDAW\n"
    "gBTXCaNfQZ62A86In4qp2DmPhlupWjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49\n"
    "BAMCA0YAMEMCH0y5rEjM9mMJ1YeHninHwnDLIet7+d8HhevMBq5ELYYCID7WUIIf\n"
    "kKjYW5eQx6tkTAPeOpjs7/+tqu8gZNdfyITS\n"
    "-----END CERTIFICATE-----\n";

/* Until a year after 2050, whose form is another. */
static const char FAR[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBfTCCASOgAwIBAgIUZBjSPkk/rGy9fv3wQSUkwsH/Ro4wCgYIKoZIzj0EAwIw\n"
    "EzERMA8GA1UECgwIYXBpdG9rZW4wIBcNMjYxMTMwMTMzOTUzWhgPMjA4MTA5MDIx\n"
    "MzM5NTNaMBMxETAPBgNVBAoMCGFwaXRva2VuMFkwEwYHKoZIzj0CAQYIKoZIzj0D\n"
    "AQcDQgAEYfy1wDg3NrDLnLFqtOOZCrSkUAtA+c0gHe2fAwAfsFAOCtnfDGr1yKpj\n"
    "XNDLYIsFldKLkBGWU5Bz4jw0M5wU46NTMFEwHQYDVR0OBBYEFEzOUZACw787TC6Q\n"
    "lYQeyYsUmfq0MB8GA1UdIwQYMBaAFEzOUZACw787TC6QlYQeyYsUmfq0MA8GA1Ud\n"
    "EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgEN8ud2tx3411gf9T6ZWfB8ap\n"
    "wnQqdKMRgqUsv1oDc2UCIQCGAqJcZn1b8lh+20vhrXrbPiFPBqurmqONLu+NRYgK\n"
    "Rw==\n"
    "-----END CERTIFICATE-----\n";

static struct etcd_certificate certificate;

static void
test_certificates(void **state)
{
	(void)state;
	assert_true(etcd_certificate_read(&certificate, PLAIN));
	assert_int_equal(certificate.ends, 1798637993);
	assert_false(certificate.has_name);
	assert_true(etcd_certificate_read(&certificate, NAMED));
	assert_int_equal(certificate.ends, 1798637993);
	assert_true(certificate.has_name);
	assert_string_equal(certificate.name, "web1");
	assert_true(etcd_certificate_read(&certificate, FAR));
	assert_int_equal(certificate.ends, 3524045993);
}

/* What precedes it is passed over, and other lines end with CR, too. */
static void
test_forms(void **state)
{
	char text[4096] = "words\n";
	size_t len = strlen(text);

	(void)state;
	for (const char *at = NAMED; *at != '\0'; at++) {
		if (*at == '\n')
			text[len++] = '\r';
		text[len++] = *at;
	}
	text[len] = '\0';
	strcat(text, PLAIN);
	assert_true(etcd_certificate_read(&certificate, text));
	assert_true(certificate.has_name);
}

static void
test_rubbish(void **state)
{
	static const char *const TEXTS[] = {"", "-----BEGIN CERTIFICATE-----",
	    "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
	    "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n",
	    "-----BEGIN CERTIFICATE-----\n####\n-----END CERTIFICATE-----\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
		assert_false(etcd_certificate_read(&certificate, TEXTS[i]));
}

/* Each character another; the sanitizers tell what is read behind it. */
static void
test_changed(void **state)
{
	char *text = strdup(NAMED);

	(void)state;
	assert_non_null(text);
	for (size_t i = 28; i + 27 < strlen(NAMED); i++) {
		for (const char *to = "A/+9z"; *to != '\0'; to++) {
			text[i] = *to;
			(void)etcd_certificate_read(&certificate, text);
			assert_true(strlen(certificate.name) <= ETCD_NAME_MAX);
		}
		text[i] = NAMED[i];
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_certificates),
	    cmocka_unit_test(test_forms),
	    cmocka_unit_test(test_rubbish),
	    cmocka_unit_test(test_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
