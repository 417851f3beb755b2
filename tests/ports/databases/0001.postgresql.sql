
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE public.port_kind (
    scope character varying NOT NULL,
    protocol character varying NOT NULL,
    family integer NOT NULL,
    port integer NOT NULL,
    kind character varying NOT NULL
);

CREATE TABLE public.reservation (
    id integer NOT NULL,
    scope character varying NOT NULL,
    holder character varying NOT NULL,
    protocol character varying NOT NULL,
    address character varying NOT NULL,
    first_port integer NOT NULL,
    last_port integer NOT NULL,
    by_whom character varying NOT NULL,
    since bigint NOT NULL,
    until bigint,
    note character varying NOT NULL,
    CONSTRAINT ck_reservation_ports CHECK ((((first_port >= 1) AND (first_port <= last_port)) AND (last_port <= 65535))),
    CONSTRAINT ck_reservation_protocol CHECK (((protocol)::text = ANY ((ARRAY['tcp'::character varying, 'udp'::character varying])::text[])))
);

CREATE SEQUENCE public.reservation_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.reservation_id_seq OWNED BY public.reservation.id;

CREATE TABLE public.slot (
    scope character varying NOT NULL,
    protocol character varying NOT NULL,
    family integer NOT NULL,
    port integer NOT NULL,
    address character varying NOT NULL,
    kind character varying NOT NULL,
    reservation integer NOT NULL,
    CONSTRAINT ck_slot_kind CHECK ((((kind)::text = 'any'::text) = ((address)::text = ''::text)))
);

ALTER TABLE ONLY public.reservation ALTER COLUMN id SET DEFAULT nextval('public.reservation_id_seq'::regclass);

INSERT INTO public.alembic_version VALUES ('0001');

INSERT INTO public.port_kind VALUES ('external', 'tcp', 4, 10001, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 6, 10001, 'any');
INSERT INTO public.port_kind VALUES ('internal', 'tcp', 4, 10001, 'any');
INSERT INTO public.port_kind VALUES ('internal', 'tcp', 6, 10001, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 4, 10002, 'one');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 6, 10002, 'one');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 4, 10003, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 6, 10003, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 4, 10010, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 6, 10010, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 4, 10011, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 6, 10011, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 4, 10012, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 6, 10012, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 4, 10013, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 6, 10013, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 4, 10014, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 6, 10014, 'any');
INSERT INTO public.port_kind VALUES ('external', 'udp', 4, 10010, 'any');
INSERT INTO public.port_kind VALUES ('external', 'udp', 6, 10010, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 4, 10020, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 6, 10020, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 4, 10030, 'any');
INSERT INTO public.port_kind VALUES ('external', 'tcp', 6, 10030, 'any');

INSERT INTO public.reservation VALUES (1, 'external', '/shop/web:0', 'tcp', '*', 10001, 10001, 'ann', 1700000000, NULL, 'launch, it''s "soon"');
INSERT INTO public.reservation VALUES (2, 'internal', '/shop/web:0', 'tcp', '*', 10001, 10001, 'ann', 1700000000, NULL, '');
INSERT INTO public.reservation VALUES (3, 'external', '/shop/api:0', 'tcp', '192.0.2.1', 10002, 10002, 'ünal', 1700000000, 4795304177, '');
INSERT INTO public.reservation VALUES (4, 'external', '/shop/api:1', 'tcp', '192.0.2.2', 10002, 10002, 'ann', 1700000000, NULL, '');
INSERT INTO public.reservation VALUES (5, 'external', '/shop/api:2', 'tcp', '2001:db8::1', 10002, 10002, 'ann', 1700000000, NULL, '');
INSERT INTO public.reservation VALUES (6, 'external', '/shop/four:0', 'tcp', '0.0.0.0', 10003, 10003, 'ann', 1700000000, NULL, '');
INSERT INTO public.reservation VALUES (7, 'external', '/shop/six:0', 'tcp', '::', 10003, 10003, 'ann', 1700000000, NULL, '');
INSERT INTO public.reservation VALUES (8, 'external', '/shop/wide:0', 'tcp', '*', 10010, 10014, 'ann', 1700000000, NULL, 'passive FTP');
INSERT INTO public.reservation VALUES (9, 'external', '/shop/dns:0', 'udp', '*', 10010, 10010, 'ann', 1700000000, NULL, '');
INSERT INTO public.reservation VALUES (10, 'external', '/shop/gone:0', 'tcp', '*', 10020, 10020, 'ann', 1700000000, 1700000060, '');

INSERT INTO public.slot VALUES ('external', 'tcp', 4, 10001, '', 'any', 1);
INSERT INTO public.slot VALUES ('external', 'tcp', 6, 10001, '', 'any', 1);
INSERT INTO public.slot VALUES ('internal', 'tcp', 4, 10001, '', 'any', 2);
INSERT INTO public.slot VALUES ('internal', 'tcp', 6, 10001, '', 'any', 2);
INSERT INTO public.slot VALUES ('external', 'tcp', 4, 10002, '192.0.2.1', 'one', 3);
INSERT INTO public.slot VALUES ('external', 'tcp', 4, 10002, '192.0.2.2', 'one', 4);
INSERT INTO public.slot VALUES ('external', 'tcp', 6, 10002, '2001:db8::1', 'one', 5);
INSERT INTO public.slot VALUES ('external', 'tcp', 4, 10003, '', 'any', 6);
INSERT INTO public.slot VALUES ('external', 'tcp', 6, 10003, '', 'any', 7);
INSERT INTO public.slot VALUES ('external', 'tcp', 4, 10010, '', 'any', 8);
INSERT INTO public.slot VALUES ('external', 'tcp', 6, 10010, '', 'any', 8);
INSERT INTO public.slot VALUES ('external', 'tcp', 4, 10011, '', 'any', 8);
INSERT INTO public.slot VALUES ('external', 'tcp', 6, 10011, '', 'any', 8);
INSERT INTO public.slot VALUES ('external', 'tcp', 4, 10012, '', 'any', 8);
INSERT INTO public.slot VALUES ('external', 'tcp', 6, 10012, '', 'any', 8);
INSERT INTO public.slot VALUES ('external', 'tcp', 4, 10013, '', 'any', 8);
INSERT INTO public.slot VALUES ('external', 'tcp', 6, 10013, '', 'any', 8);
INSERT INTO public.slot VALUES ('external', 'tcp', 4, 10014, '', 'any', 8);
INSERT INTO public.slot VALUES ('external', 'tcp', 6, 10014, '', 'any', 8);
INSERT INTO public.slot VALUES ('external', 'udp', 4, 10010, '', 'any', 9);
INSERT INTO public.slot VALUES ('external', 'udp', 6, 10010, '', 'any', 9);
INSERT INTO public.slot VALUES ('external', 'tcp', 4, 10020, '', 'any', 10);
INSERT INTO public.slot VALUES ('external', 'tcp', 6, 10020, '', 'any', 10);

SELECT pg_catalog.setval('public.reservation_id_seq', 11, true);

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.port_kind
    ADD CONSTRAINT pk_port_kind PRIMARY KEY (scope, protocol, family, port);

ALTER TABLE ONLY public.reservation
    ADD CONSTRAINT pk_reservation PRIMARY KEY (id);

ALTER TABLE ONLY public.slot
    ADD CONSTRAINT pk_slot PRIMARY KEY (scope, protocol, family, port, address);

ALTER TABLE ONLY public.port_kind
    ADD CONSTRAINT uq_port_kind_scope UNIQUE (scope, protocol, family, port, kind);

ALTER TABLE ONLY public.reservation
    ADD CONSTRAINT uq_reservation_scope UNIQUE (scope, holder, protocol);

CREATE INDEX ix_reservation_until ON public.reservation USING btree (until);

CREATE INDEX ix_slot_reservation ON public.slot USING btree (reservation);

ALTER TABLE ONLY public.slot
    ADD CONSTRAINT fk_slot_port_kind FOREIGN KEY (scope, protocol, family, port, kind) REFERENCES public.port_kind(scope, protocol, family, port, kind);

ALTER TABLE ONLY public.slot
    ADD CONSTRAINT fk_slot_reservation FOREIGN KEY (reservation) REFERENCES public.reservation(id) ON DELETE CASCADE;

