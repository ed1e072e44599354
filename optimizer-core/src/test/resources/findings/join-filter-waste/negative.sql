select e.id, p.id
from events e
join periods p on int4range(p.starts, p.ends) @> e.happened;
