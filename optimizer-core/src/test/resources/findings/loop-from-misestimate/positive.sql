drop statistics if exists addresses_place;
analyze addresses;
set max_parallel_workers_per_gather = 0;
set random_page_cost = 1.1;
select sum(o.amount)
from addresses a
join orders o on o.address_id = a.id
where a.country = 'country 1' and a.currency = 'currency 1' and a.region = 'region 1' and a.city = 'city 1';
