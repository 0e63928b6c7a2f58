"""What the operator configured, read once and frozen; owns no behaviour of the bot."""

from moai.settings.load import load_settings
from moai.settings.values import Endpoint, Limits, ModelSpec, Settings

__all__ = ["Endpoint", "Limits", "ModelSpec", "Settings", "load_settings"]
