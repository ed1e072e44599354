select c.id, l.id
from customers c
join leads l on c.email = l.email or c.phone = l.phone;
