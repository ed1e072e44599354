create table customers (id integer primary key, name text not null);
create table orders (id integer primary key, customer_id integer not null, open boolean not null);
insert into customers select i, 'customer ' || i from generate_series(1, 200) as i;
insert into orders select i, 1 + i % 200, i % 50 = 0 from generate_series(1, 60000) as i;
create function open_orders(customer integer) returns bigint language plpgsql stable as $$
begin
  return (select count(*) from orders o where o.customer_id = customer and o.open);
end
$$;
vacuum analyze customers, orders;
