META
key;value
description;Small works of an estate
country;China
unit;Nanchang
instance;2026
num_projects;5
num_votes;6
budget;1000.00
vote_type;approval
rule;greedy
date_begin;01.11.2026
date_end;07.11.2026
max_length;3
currency;CNY
PROJECTS
project_id;cost;votes;name;category;target;selected
A/1;600.50;4;Lamps by the north gate;public lighting;all;1
A/2;500;3;"A ""quiet"" bench; with a roof";public space;seniors,adults;0
A/3;399.5;2;Ramp;public space;seniors;1
02;0;1;Notice board;public space;all;1
2;10;0;Bird box;greenery;all;0
VOTES
voter_id;vote;age
1;A/1,A/2;70
2;A/1,A/2,A/3;16
3;A/1;33
4;A/1,A/3;41
5;A/2,02;28
6;;50
