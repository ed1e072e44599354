set max_parallel_workers = 0;
select count(*) from orders where md5(customer_id::text) like 'ab%';
