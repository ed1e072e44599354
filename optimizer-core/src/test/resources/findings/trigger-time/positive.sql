drop index if exists orders_customer_id_idx;
delete from customers where id <= 100;
