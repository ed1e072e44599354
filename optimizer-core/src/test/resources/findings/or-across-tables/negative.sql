select c.id, l.id from customers c join leads l on c.email = l.email
union
select c.id, l.id from customers c join leads l on c.phone = l.phone;
