import { expect, test } from 'vitest'
import { addressKind } from './addresses.ts'

const cases = {
  public:
    '1.1.1.1 93.184.216.34 172.32.0.1 100.128.0.1 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::',
  private:
    '127.0.0.1 127.255.255.255 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.5 100.64.0.1 ::1 fd12:3456::1 ::ffff:192.168.1.1 ::ffff:c0a8:101 64:ff9b::10.0.0.1 2002:c0a8:101:: ::10.0.0.1',
  never:
    '0.0.0.0 0.1.2.3 169.254.169.254 169.254.1.1 100.100.100.200 168.63.129.16 224.0.0.1 255.255.255.255 240.0.0.1 :: fe80::1 fe80::1%eth0 fd00:ec2::254 ff02::1 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe 64:ff9b::169.254.169.254 2002:a9fe:a9fe:: ::169.254.169.254 2001:0:4136::1 example.org 1.2.3 01.2.3.4',
}

test.each(Object.entries(cases))('addresses that are %s', (kind, addresses) => {
  for (const address of addresses.split(' ')) expect(addressKind(address), address).toBe(kind)
})
