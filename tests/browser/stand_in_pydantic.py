"""What the library takes from pydantic, for a Pyodide without it. It does not validate.

The release that the course is published with has pydantic; a folder for tests may lack it. Then
this is put in its place: values pass as they are, so what a wrong one is told is not tested there.
"""

import datetime
from typing import get_args, get_origin, get_type_hints

ConfigDict = dict


class ValidationError(ValueError):
    pass


class InstanceOf:
    def __class_getitem__(cls, wanted):
        return wanted


class Field:
    def __init__(self, alias):
        self.alias = alias


def _made(kind, value):
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind.model_validate(value)
    if get_origin(kind) is list:
        return [_made(get_args(kind)[0], each) for each in value]
    if get_origin(kind) is dict:
        return {name: _made(get_args(kind)[1], each) for name, each in value.items()}
    return (
        datetime.date.fromisoformat(value) if (kind, type(value)) == (datetime.date, str) else value
    )


class BaseModel:
    @classmethod
    def model_validate(cls, given):
        made = cls()
        for name, kind in get_type_hints(cls).items():
            named = getattr(cls, name, None)
            alias = named.alias if isinstance(named, Field) else name
            if alias in given:
                setattr(made, name, _made(kind, given[alias]))
        return made


def create_model(label, *, __config__, **fields):
    class Model(BaseModel):
        @classmethod
        def model_validate(cls, given):
            made = cls()
            vars(made).update(given)
            return made

    return Model
