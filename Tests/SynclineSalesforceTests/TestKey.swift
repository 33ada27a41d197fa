/// A pair of keys for tests; it opens nothing.
enum TestKey {
  static let privatePEM = """
    -----BEGIN PRIVATE KEY-----
    MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDEZbyxlWkth1Xo
    IZuc7XH+Kdn47DXtSphcj0kc4r319PjT5M8+TzJdlKNH6106/x4RFK7zm6AENvkN
    0oNuVbCzAb0cIcYNrBfVLY95Hkm587+s94MipGVXHwKtL8teaUEzhNmrdOvDvLX8
    IPFaVBFVo54uEuEVqUGwM9clzDPgVkhO1kO0cIHRUPYJobc/BZ+hm+Y8HJw4Qp+b
    CKR+jxxD66QUxDjNoU4fwUpaL+JHY4tolZYUhCb56J5HMKP+oJMUYpbusajcBpEM
    YyppzXjMkrrybiMUQI6QESMxzEmyWYuQRyjjtN4l8si64/p1xUl3KRBO6GIjUPCv
    c3EZJDpdAgMBAAECggEAGXGexRj4w9u9LvIvsWB3vLhaU2vyvpfD7nXnwHTFrHg8
    xmLl0Io9Ga+Yicg9z1de41KdKdVXIUSn9nj36xLx7fcDM4JSoNHTUpxw8n2QiqVA
    B14XoKTQtj0/wQUooUYcmtqSwqpGoxivMQdpjUzH5CLq6sgqXf6MEpJcxLpUXDNH
    UzGogSGV3w9gxcAKpkk8ONmaB4K6vzS+lLhWqJiqszp5zIZmiFtIVzrk8UbQtKwX
    yJ1uYUwpmK0QTkitOUI1a9y6ncmYondzoJXPyyjJxf2Zio4r0IfH8E3ITczVL4p/
    kBWBwXmnS85gSIrde0VUijivk2l6Q15mgjuqBm/sYQKBgQDmRaqvs/QBEOo2nUTj
    FzwbVlecaIuQV90QgeJgeBEiswngj+N0JwdBfbtUxAZutN7q90qVO2rA3h/OGcKr
    sApHhA2Yaia+ILaonFNCM20GKPGxvtnz3mnORwpYO7hozR/R6lxJzvk4vJRVM7x1
    5bWXAnuCwsI9uG9dXHIfjzgY0QKBgQDaVywZjG5cpBTsCx10IOqIQZ+mjbK3ueDt
    /E/ojFL4WRTelHH10eO7uKzIEWXUfoTLPHI+1RKeNcFGobGViHrOigLBzrk/LwfI
    eeiMU7oDsFtTN+YvVwR92/o/IcNIzP5LM4VqvhiIxN+C7DO+VCBJOdxmLpKbP6Oi
    HATaf4lrzQKBgQCVzLhvOPgBQYm8Ia9QtCrL9e1kuLYiHqaXOIeWDkXHdwVz6ucj
    Bsi3mB2n1SYCGvPxkxIX5uFZuqaiIyv7GLh3MbbOci/l+84X/ipDpMTF/xjMcsXC
    2eum35whLiiXNOoAWx/SfCyw9izhCJkPcXIiXOEQfbZzBGqeJ6euVDNAIQKBgBkd
    3AnYWL25dlqs8KdyPeiMvAPZ2ww9ir11v+99bPH6tWbhZrajfXITzXR6Y99s6nPC
    sVW/BxRCFMi+QwJzn8TwpV6MHE1DaL7MH089NnHEMM1C6ezaMr8TthbbGG7gfgRC
    mf9sfMAG/bs+1rj3Tnt993edtem8CWPVm01TTIilAoGBAM3FwqaDBsDPpNlc3s68
    5mjj7M8xhpjT6Wiea0Sf2JuSvaeBGjbUlfjnkXS6UVlrJ/VVG7+6EZZGogPuhl4d
    /TUuvoABN03KXGWl39nTrJIqxuOvgpZQc/NvLMGUcqRDn3w4NysgXF2hmaSCf4r9
    TKCqu4LSRZpj62Vocr1XYlkj
    -----END PRIVATE KEY-----

    """

  static let publicPEM = """
    -----BEGIN PUBLIC KEY-----
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxGW8sZVpLYdV6CGbnO1x
    /inZ+Ow17UqYXI9JHOK99fT40+TPPk8yXZSjR+tdOv8eERSu85ugBDb5DdKDblWw
    swG9HCHGDawX1S2PeR5JufO/rPeDIqRlVx8CrS/LXmlBM4TZq3Trw7y1/CDxWlQR
    VaOeLhLhFalBsDPXJcwz4FZITtZDtHCB0VD2CaG3PwWfoZvmPBycOEKfmwikfo8c
    Q+ukFMQ4zaFOH8FKWi/iR2OLaJWWFIQm+eieRzCj/qCTFGKW7rGo3AaRDGMqac14
    zJK68m4jFECOkBEjMcxJslmLkEco47TeJfLIuuP6dcVJdykQTuhiI1Dwr3NxGSQ6
    XQIDAQAB
    -----END PUBLIC KEY-----

    """
}
