"""The database itself takes the slots of a reservation, and finds who holds a port.

Before, programs took the slots one by one. Now a reservation takes all of its slots when it is inserted, whoever
inserts it, or it is refused; its scope, address and ports never change, and with it go its slots.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

_COLUMNS = "scope, protocol, family, port, address, kind, reservation"
_WILDCARDS = "('*', '0.0.0.0', '::')"

_VIEW = f"""
create view reservation_slot ({_COLUMNS}) as
select r.scope, r.protocol, family.number, {{port}},
  case when r.address in {_WILDCARDS} then '' else r.address end,
  case when r.address in {_WILDCARDS} then 'any' else 'one' end,
  r.id
from reservation r
cross join (select 4 as number union all select 6) family
cross join {{ports}}
where (r.address = '*' or (family.number = 6) = (r.address like '%\\:%'))
"""  # noqa: S608 - nothing in it is anybody else's

_PORTS = {
    # SQLite makes no series of numbers that it would look for an end of.
    "sqlite": {
        "port": "high.value * 256 + low.value",
        "ports": """byte high cross join byte low
  on high.value between r.first_port / 256 and r.last_port / 256
  and low.value between r.first_port - high.value * 256 and r.last_port - high.value * 256""",
    },
    "postgresql": {"port": "port.number", "ports": "generate_series(r.first_port, r.last_port) port (number)"},
}

# Always in one order: two who want the same ports never wait for each other.
_TAKE = f"""
  insert into port_kind (scope, protocol, family, port, kind)
    select scope, protocol, family, port, kind from reservation_slot where reservation = new.id
    order by family, port
    on conflict do nothing;
  update port_kind set kind = case when new.address in {_WILDCARDS} then 'any' else 'one' end
    where scope = new.scope and protocol = new.protocol and port between new.first_port and new.last_port
    and family in (select family from reservation_slot where reservation = new.id)
    and kind <> case when new.address in {_WILDCARDS} then 'any' else 'one' end;
  insert into slot ({_COLUMNS})
    select {_COLUMNS} from reservation_slot where reservation = new.id
    order by family, port;
"""  # noqa: S608 - nothing in it is anybody else's

# Foreign keys are in force in SQLite only where a program asks for them.
_SQLITE = (
    f"""
create trigger reservation_takes_slots after insert on reservation begin
  select raise(abort, 'somebody else holds one of these ports') where exists (
    select 1 from reservation_slot mine
    cross join slot on slot.scope = mine.scope and slot.protocol = mine.protocol
      and slot.family = mine.family and slot.port = mine.port
    where mine.reservation = new.id
      and (slot.kind = 'any' or mine.kind = 'any' or slot.address = mine.address)
  );
{_TAKE}
end
""",  # noqa: S608 - nothing in it is anybody else's
    """
create trigger reservation_leaves_slots after delete on reservation begin
  delete from slot where reservation = old.id;
end
""",
    """
create trigger reservation_stays before update of id, scope, protocol, address, first_port, last_port on reservation
begin
  select raise(abort, 'a reservation stays where it is');
end
""",
)

_POSTGRESQL = (
    f"""
create function reservation_takes_slots() returns trigger language plpgsql as $$
begin
{_TAKE}
  return null;
end
$$
""",
    """
create trigger reservation_takes_slots after insert on reservation
for each row execute function reservation_takes_slots()
""",
    """
create function reservation_stays() returns trigger language plpgsql as $$
begin
  raise 'a reservation stays where it is' using errcode = 'integrity_constraint_violation';
end
$$
""",
    """
create trigger reservation_stays before update of id, scope, protocol, address, first_port, last_port on reservation
for each row execute function reservation_stays()
""",
)


def upgrade() -> None:
    """Makes the view, the triggers and the index; slots that no reservation takes are given back."""
    name = op.get_bind().dialect.name
    if name == "sqlite":
        op.execute("create table byte (value integer not null, constraint pk_byte primary key (value))")
        numbers = ", ".join(f"({number})" for number in range(256))
        op.execute(f"insert into byte (value) values {numbers}")  # noqa: S608 - of numbers
    op.create_index("ix_slot_port", "slot", ["port", "scope"])
    op.execute("delete from slot where reservation not in (select id from reservation)")
    op.execute(_VIEW.format_map(_PORTS[name]))
    for statement in _SQLITE if name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Leaves the slots to programs again."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    triggers = ("reservation_takes_slots", "reservation_stays", *(("reservation_leaves_slots",) if sqlite else ()))
    for name in triggers:
        op.execute(f"drop trigger {name}" if sqlite else f"drop trigger {name} on reservation")
    for name in () if sqlite else triggers:
        op.execute(f"drop function {name}")
    op.execute("drop view reservation_slot")
    op.drop_index("ix_slot_port", "slot")
    if sqlite:
        op.execute("drop table byte")
