"""Templates filled in apart from any request: papers that jobs and commands lay out."""

from flask import current_app


def render_apart(template: str, **context: object) -> str:
    """Fill in a template where there is no request.

    Not ``flask.render_template``: what pages share wants a request.
    """
    return current_app.jinja_env.get_template(template).render(**context)
