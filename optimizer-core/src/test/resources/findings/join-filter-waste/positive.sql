select e.id, p.id
from events e
join periods p on e.happened >= p.starts and e.happened < p.ends;
