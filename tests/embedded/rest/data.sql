-- What the tables hold at the start of every test.

delete from public.pages;
delete from public.diaries;
delete from public.letters;
delete from public.trip_labels;
delete from public.labels;
delete from public.stops;
delete from public.permits;
delete from public.trips;
delete from public.cars;
delete from public.drivers;
delete from public.staff;
delete from public.notes;
delete from public."odd ""names"", all";
delete from partner.offers;
delete from hidden.secrets;
alter sequence public.drivers_id_seq restart;
alter sequence public.cars_id_seq restart;
alter sequence public.trips_id_seq restart;
alter sequence public.notes_id_seq restart;

insert into public.drivers (name, languages, rating) values
  ('Asha', '{hindi,english}', 4.9), ('Bala', '{tamil,english}', 4.2), ('Chand', '{}', null);
insert into public.cars (plate, driver_id, seats, features, rented, prices) values
  ('DL 1', 1, 4, '{"ac": true, "bags": [1, 2], "make": {"name": "Maruti"}}', '[2027-01-01, 2027-01-05)', '[10,20)'),
  ('DL 2', 1, 7, '{"ac": false}', '[2027-02-01, 2027-02-05)', '[20,30)'),
  ('TN 3', 2, 12, '{}', null, '[15,25)');
insert into public.trips (title, status, starts_at, car_id, backup_car_id, price, paid, notes, details) values
  ('Agra by day', 'planned', '2027-01-02 06:00+05:30', 1, 2, 120.00, true, 'Sunrise over the marble tomb',
   '{"guests": 2, "contact": {"name": "Ravi"}, "meals": ["lunch"]}'),
  ('Ooty hills', 'running', '2027-02-02 08:00+05:30', 3, null, 240.50, false, 'Toy train and tea gardens',
   '{"guests": 5, "contact": {"name": "Sita, \"Queen\""}}'),
  ('Goa, twice', 'planned', null, 2, 1, 99.50, null, null, '{"guests": null}'),
  ('Nowhere', 'done', '2026-12-31 18:30+00', null, null, 0, true, '100% of (nothing)', '{}');
insert into public.stops values (1, 1, 'Delhi'), (1, 2, 'Agra'), (2, 1, 'Mettupalayam'), (2, 2, 'Coonoor'), (2, 3, 'Ooty');
insert into public.labels values (1, 'family'), (2, 'hills'), (3, 'unused');
insert into public.trip_labels values (1, 1), (2, 1), (2, 2);
insert into public.permits values (2, 'TN-77');
insert into public.staff values (1, 'Head', null), (2, 'Middle', 1), (3, 'Hand', 2), (4, 'Other hand', 2);
insert into public."odd ""names"", all" values (1, '50%', 'x'), (2, null, '"');
insert into partner.offers values (1, 'Two for one');
insert into hidden.secrets values (1, 'swordfish');
insert into public.diaries values (1, 'asha', 'Dear diary', 'glad'), (2, 'bala', 'Nobody reads this', 'sad');
insert into public.pages values (1, 1, 'Asha on page one'), (2, 2, 'Bala on page one');
insert into public.letters (text) values ('The first letter');
