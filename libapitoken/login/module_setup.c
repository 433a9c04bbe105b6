#include "login/module_setup.h"

enum err
setup_read_options(struct setup *setup, struct error *why)
{
	enum err rc = ERR_OK;

	if (!setup->has_options)
		rc = module_options_parse(
		    &setup->options, setup->argc, setup->argv, why);
	setup->has_options = rc == ERR_OK;
	return rc;
}

enum err
setup_read_config(struct setup *setup, struct error *why)
{
	enum err rc = setup_read_options(setup, why);

	if (rc != ERR_OK || setup->has_config)
		return rc;
	rc = config_read_for_login(&setup->config, setup->options.config, why);
	setup->has_config = rc == ERR_OK;
	if (rc != ERR_OK)
		config_free(&setup->config);
	return rc;
}

void
setup_free(struct setup *setup)
{
	if (setup->has_config)
		config_free(&setup->config);
	setup->has_config = false;
}
