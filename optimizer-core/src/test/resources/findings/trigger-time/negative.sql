create index if not exists orders_customer_id_idx on orders (customer_id);
delete from customers where id <= 100;
