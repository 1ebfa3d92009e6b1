"""Which AWS a script talks to: the real one with the credentials of the environment, or the local cloud."""

LOCAL_REGION = "cn-north-1"
# The administrator of the local cloud. These open nothing else.
LOCAL_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": LOCAL_REGION,
                     "AWS_DEFAULT_REGION": LOCAL_REGION}


def environment(endpoint: str | None) -> dict[str, str]:
    """The environment variables by which every AWS SDK finds the local cloud at `endpoint`; none of them without one."""
    return {**LOCAL_CREDENTIALS, "AWS_ENDPOINT_URL": endpoint} if endpoint else {}
