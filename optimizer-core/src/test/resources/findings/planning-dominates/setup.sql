create table facts (
  id int primary key, value int not null,
  d1_id int not null, d2_id int not null, d3_id int not null, d4_id int not null, d5_id int not null,
  d6_id int not null, d7_id int not null, d8_id int not null, d9_id int not null, d10_id int not null,
  d11_id int not null, d12_id int not null, d13_id int not null, d14_id int not null, d15_id int not null,
  d16_id int not null, d17_id int not null, d18_id int not null, d19_id int not null, d20_id int not null,
  d21_id int not null, d22_id int not null, d23_id int not null, d24_id int not null, d25_id int not null,
  d26_id int not null, d27_id int not null, d28_id int not null, d29_id int not null, d30_id int not null,
  d31_id int not null, d32_id int not null, d33_id int not null, d34_id int not null, d35_id int not null,
  d36_id int not null, d37_id int not null, d38_id int not null, d39_id int not null, d40_id int not null,
  d41_id int not null, d42_id int not null, d43_id int not null, d44_id int not null, d45_id int not null,
  d46_id int not null, d47_id int not null, d48_id int not null, d49_id int not null, d50_id int not null,
  d51_id int not null, d52_id int not null, d53_id int not null, d54_id int not null, d55_id int not null,
  d56_id int not null, d57_id int not null, d58_id int not null, d59_id int not null, d60_id int not null,
  d61_id int not null, d62_id int not null, d63_id int not null, d64_id int not null, d65_id int not null,
  d66_id int not null, d67_id int not null, d68_id int not null, d69_id int not null, d70_id int not null,
  d71_id int not null, d72_id int not null, d73_id int not null, d74_id int not null, d75_id int not null,
  d76_id int not null, d77_id int not null, d78_id int not null, d79_id int not null, d80_id int not null,
  d81_id int not null, d82_id int not null, d83_id int not null, d84_id int not null, d85_id int not null,
  d86_id int not null, d87_id int not null, d88_id int not null, d89_id int not null, d90_id int not null,
  d91_id int not null, d92_id int not null, d93_id int not null, d94_id int not null, d95_id int not null,
  d96_id int not null, d97_id int not null, d98_id int not null, d99_id int not null, d100_id int not null,
  d101_id int not null, d102_id int not null, d103_id int not null, d104_id int not null, d105_id int not null,
  d106_id int not null, d107_id int not null, d108_id int not null, d109_id int not null, d110_id int not null,
  d111_id int not null, d112_id int not null, d113_id int not null, d114_id int not null, d115_id int not null,
  d116_id int not null, d117_id int not null, d118_id int not null, d119_id int not null, d120_id int not null,
  d121_id int not null, d122_id int not null, d123_id int not null, d124_id int not null, d125_id int not null,
  d126_id int not null, d127_id int not null, d128_id int not null, d129_id int not null, d130_id int not null,
  d131_id int not null, d132_id int not null, d133_id int not null, d134_id int not null, d135_id int not null,
  d136_id int not null, d137_id int not null, d138_id int not null, d139_id int not null, d140_id int not null,
  d141_id int not null, d142_id int not null, d143_id int not null, d144_id int not null, d145_id int not null,
  d146_id int not null, d147_id int not null, d148_id int not null, d149_id int not null, d150_id int not null,
  d151_id int not null, d152_id int not null, d153_id int not null, d154_id int not null, d155_id int not null,
  d156_id int not null, d157_id int not null, d158_id int not null, d159_id int not null, d160_id int not null,
  d161_id int not null, d162_id int not null, d163_id int not null, d164_id int not null, d165_id int not null,
  d166_id int not null, d167_id int not null, d168_id int not null, d169_id int not null, d170_id int not null,
  d171_id int not null, d172_id int not null, d173_id int not null, d174_id int not null, d175_id int not null,
  d176_id int not null, d177_id int not null, d178_id int not null, d179_id int not null, d180_id int not null,
  d181_id int not null, d182_id int not null, d183_id int not null, d184_id int not null, d185_id int not null,
  d186_id int not null, d187_id int not null, d188_id int not null, d189_id int not null, d190_id int not null,
  d191_id int not null, d192_id int not null, d193_id int not null, d194_id int not null, d195_id int not null,
  d196_id int not null, d197_id int not null, d198_id int not null, d199_id int not null, d200_id int not null
);
do $$
begin
  for i in 1..200 loop
    execute format('create table %I (id int primary key, name text not null)', 'd' || i);
  end loop;
  execute 'create view reported_facts as select f.id, f.value'
      || (select string_agg(format(', d%s.name as name%s', i, i), '' order by i) from generate_series(1, 200) i)
      || ' from facts f'
      || (select string_agg(format(' left join d%s on d%s.id = f.d%s_id', i, i, i), '' order by i) from generate_series(1, 200) i);
  execute 'insert into facts select i, i' || repeat(', i', 200) || ' from generate_series(1, 1000) i';
end
$$;
vacuum analyze facts;
