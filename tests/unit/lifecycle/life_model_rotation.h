/* Of the model: how a rotation begins, and how it is undone. */
#ifndef APITOKEN_LIFE_MODEL_ROTATION_H
#define APITOKEN_LIFE_MODEL_ROTATION_H

#include "life_model.h"

/* Whether state and time let it log in. */
bool model_lives(const struct model *model, enum which which);

/* Whether the session that it was for has ended. */
bool model_is_over(const struct model_token *token);

/* A successor for the first token. False: it is refused. */
bool model_rotate(struct model *model, int64_t overlap);

/* As if there had been no rotation, except for what others have done since. */
bool model_undo(struct model *model);

/* Whether the token that an undone rotation would bring back has expired. */
bool model_spares_second(const struct model *model);

#endif
