BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE port_kind (
	scope VARCHAR NOT NULL, 
	protocol VARCHAR NOT NULL, 
	family INTEGER NOT NULL, 
	port INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	CONSTRAINT pk_port_kind PRIMARY KEY (scope, protocol, family, port), 
	CONSTRAINT uq_port_kind_scope UNIQUE (scope, protocol, family, port, kind)
);
INSERT INTO "port_kind" VALUES('external','tcp',4,10001,'any');
INSERT INTO "port_kind" VALUES('external','tcp',6,10001,'any');
INSERT INTO "port_kind" VALUES('internal','tcp',4,10001,'any');
INSERT INTO "port_kind" VALUES('internal','tcp',6,10001,'any');
INSERT INTO "port_kind" VALUES('external','tcp',4,10002,'one');
INSERT INTO "port_kind" VALUES('external','tcp',6,10002,'one');
INSERT INTO "port_kind" VALUES('external','tcp',4,10003,'any');
INSERT INTO "port_kind" VALUES('external','tcp',6,10003,'any');
INSERT INTO "port_kind" VALUES('external','tcp',4,10010,'any');
INSERT INTO "port_kind" VALUES('external','tcp',6,10010,'any');
INSERT INTO "port_kind" VALUES('external','tcp',4,10011,'any');
INSERT INTO "port_kind" VALUES('external','tcp',6,10011,'any');
INSERT INTO "port_kind" VALUES('external','tcp',4,10012,'any');
INSERT INTO "port_kind" VALUES('external','tcp',6,10012,'any');
INSERT INTO "port_kind" VALUES('external','tcp',4,10013,'any');
INSERT INTO "port_kind" VALUES('external','tcp',6,10013,'any');
INSERT INTO "port_kind" VALUES('external','tcp',4,10014,'any');
INSERT INTO "port_kind" VALUES('external','tcp',6,10014,'any');
INSERT INTO "port_kind" VALUES('external','udp',4,10010,'any');
INSERT INTO "port_kind" VALUES('external','udp',6,10010,'any');
INSERT INTO "port_kind" VALUES('external','tcp',4,10020,'any');
INSERT INTO "port_kind" VALUES('external','tcp',6,10020,'any');
INSERT INTO "port_kind" VALUES('external','tcp',4,10030,'any');
INSERT INTO "port_kind" VALUES('external','tcp',6,10030,'any');
CREATE TABLE reservation (
	id INTEGER NOT NULL, 
	scope VARCHAR NOT NULL, 
	holder VARCHAR NOT NULL, 
	protocol VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	first_port INTEGER NOT NULL, 
	last_port INTEGER NOT NULL, 
	by_whom VARCHAR NOT NULL, 
	since BIGINT NOT NULL, 
	until BIGINT, 
	note VARCHAR NOT NULL, 
	CONSTRAINT pk_reservation PRIMARY KEY (id), 
	CONSTRAINT uq_reservation_scope UNIQUE (scope, holder, protocol), 
	CONSTRAINT ck_reservation_ports CHECK (first_port between 1 and last_port and last_port <= 65535), 
	CONSTRAINT ck_reservation_protocol CHECK (protocol in ('tcp', 'udp'))
);
INSERT INTO "reservation" VALUES(1,'external','/shop/web:0','tcp','*',10001,10001,'ann',1700000000,NULL,'launch, it''s "soon"');
INSERT INTO "reservation" VALUES(2,'internal','/shop/web:0','tcp','*',10001,10001,'ann',1700000000,NULL,'');
INSERT INTO "reservation" VALUES(3,'external','/shop/api:0','tcp','192.0.2.1',10002,10002,'ünal',1700000000,4795304177,'');
INSERT INTO "reservation" VALUES(4,'external','/shop/api:1','tcp','192.0.2.2',10002,10002,'ann',1700000000,NULL,'');
INSERT INTO "reservation" VALUES(5,'external','/shop/api:2','tcp','2001:db8::1',10002,10002,'ann',1700000000,NULL,'');
INSERT INTO "reservation" VALUES(6,'external','/shop/four:0','tcp','0.0.0.0',10003,10003,'ann',1700000000,NULL,'');
INSERT INTO "reservation" VALUES(7,'external','/shop/six:0','tcp','::',10003,10003,'ann',1700000000,NULL,'');
INSERT INTO "reservation" VALUES(8,'external','/shop/wide:0','tcp','*',10010,10014,'ann',1700000000,NULL,'passive FTP');
INSERT INTO "reservation" VALUES(9,'external','/shop/dns:0','udp','*',10010,10010,'ann',1700000000,NULL,'');
INSERT INTO "reservation" VALUES(10,'external','/shop/gone:0','tcp','*',10020,10020,'ann',1700000000,1700000060,'');
CREATE TABLE slot (
	scope VARCHAR NOT NULL, 
	protocol VARCHAR NOT NULL, 
	family INTEGER NOT NULL, 
	port INTEGER NOT NULL, 
	address VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	reservation INTEGER NOT NULL, 
	CONSTRAINT pk_slot PRIMARY KEY (scope, protocol, family, port, address), 
	CONSTRAINT fk_slot_reservation FOREIGN KEY(reservation) REFERENCES reservation (id) ON DELETE CASCADE, 
	CONSTRAINT fk_slot_port_kind FOREIGN KEY(scope, protocol, family, port, kind) REFERENCES port_kind (scope, protocol, family, port, kind), 
	CONSTRAINT ck_slot_kind CHECK ((kind = 'any') = (address = ''))
);
INSERT INTO "slot" VALUES('external','tcp',4,10001,'','any',1);
INSERT INTO "slot" VALUES('external','tcp',6,10001,'','any',1);
INSERT INTO "slot" VALUES('internal','tcp',4,10001,'','any',2);
INSERT INTO "slot" VALUES('internal','tcp',6,10001,'','any',2);
INSERT INTO "slot" VALUES('external','tcp',4,10002,'192.0.2.1','one',3);
INSERT INTO "slot" VALUES('external','tcp',4,10002,'192.0.2.2','one',4);
INSERT INTO "slot" VALUES('external','tcp',6,10002,'2001:db8::1','one',5);
INSERT INTO "slot" VALUES('external','tcp',4,10003,'','any',6);
INSERT INTO "slot" VALUES('external','tcp',6,10003,'','any',7);
INSERT INTO "slot" VALUES('external','tcp',4,10010,'','any',8);
INSERT INTO "slot" VALUES('external','tcp',6,10010,'','any',8);
INSERT INTO "slot" VALUES('external','tcp',4,10011,'','any',8);
INSERT INTO "slot" VALUES('external','tcp',6,10011,'','any',8);
INSERT INTO "slot" VALUES('external','tcp',4,10012,'','any',8);
INSERT INTO "slot" VALUES('external','tcp',6,10012,'','any',8);
INSERT INTO "slot" VALUES('external','tcp',4,10013,'','any',8);
INSERT INTO "slot" VALUES('external','tcp',6,10013,'','any',8);
INSERT INTO "slot" VALUES('external','tcp',4,10014,'','any',8);
INSERT INTO "slot" VALUES('external','tcp',6,10014,'','any',8);
INSERT INTO "slot" VALUES('external','udp',4,10010,'','any',9);
INSERT INTO "slot" VALUES('external','udp',6,10010,'','any',9);
INSERT INTO "slot" VALUES('external','tcp',4,10020,'','any',10);
INSERT INTO "slot" VALUES('external','tcp',6,10020,'','any',10);
CREATE INDEX ix_reservation_until ON reservation (until);
CREATE INDEX ix_slot_reservation ON slot (reservation);
COMMIT;
