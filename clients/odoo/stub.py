"""As much of Odoo's ORM as promised_sale uses: recordsets, fields, inheritance of models, system parameters.

`install()` puts it in the place of `odoo`; `Env` has the records. What Odoo itself would do (views, rights, storing) is not here.
"""

import datetime
import sys
import types


class Field:
    def __init__(self, *_, **__):
        pass

    def __set_name__(self, owner, name):
        owner._own = {**owner.__dict__.get("_own", {}), name: self}


class Date(Field):
    @staticmethod
    def to_date(value):
        return value.date() if isinstance(value, datetime.datetime) else value

    @staticmethod
    def to_string(value):
        return value.isoformat()


class Model:
    """A recordset: rows are dicts, shared by all recordsets that hold them."""

    extensions: dict = {}

    def __init_subclass__(cls):
        inherited = cls.__dict__.get("_inherit")
        if inherited:
            Model.extensions.setdefault(inherited, []).append(cls)

    def __init__(self, env, rows):
        self.__dict__.update(env=env, rows=rows)

    @property
    def _fields(self):
        names = set().union(*(vars(kind).get("_own", {}) for kind in type(self).__mro__))
        return names.union(*(row for row in self.rows))

    def __getattribute__(self, name):
        if not name.startswith("_"):
            rows = object.__getattribute__(self, "rows")
            own = any(name in vars(kind).get("_own", {}) for kind in type(self).__mro__)
            if own or any(name in row for row in rows):
                assert len(rows) == 1, f"{name} of {len(rows)} records"
                return rows[0].get(name, False)
        return object.__getattribute__(self, name)

    def __iter__(self):
        return (type(self)(self.env, [row]) for row in self.rows)

    def __len__(self):
        return len(self.rows)

    def ensure_one(self):
        assert len(self.rows) == 1

    def filtered(self, wanted):
        return type(self)(self.env, [one.rows[0] for one in self if wanted(one)])

    def mapped(self, name):
        return [row.get(name, False) for row in self.rows]

    def write(self, values):
        for row in self.rows:
            row.update(values)


class Env(dict):
    """Makes recordsets: `env.records("sale.order", base_class, rows)`, with what the module adds."""

    def records(self, name, base, rows):
        return type(name, (*reversed(Model.extensions.get(name, [])), base), {})(self, rows)


class Parameters:
    def __init__(self, values):
        self.values = values

    def sudo(self):
        return self

    def get_param(self, key):
        return self.values.get(key, False)


class UserError(Exception):
    pass


def install():
    odoo = types.ModuleType("odoo")
    odoo._ = lambda text, *more: text % more if more else text
    odoo.models = types.SimpleNamespace(Model=Model)
    odoo.fields = types.SimpleNamespace(Date=Date, Char=Field, Float=Field, Selection=Field)
    exceptions = types.ModuleType("odoo.exceptions")
    exceptions.UserError = UserError
    odoo.exceptions = exceptions
    sys.modules.update({"odoo": odoo, "odoo.exceptions": exceptions})
