/**
 * The slugs and names of the 399 applications that were recorded live on 2026-08-21, which are facts: as `slug name`, several on a line,
 * so that they stay one page of text. [EX:real.application-images]
 */
const recorded = `
3cxcommunication-3cx 3CX 20.0.9.995 on Debian 12 (Bookworm)|3cxcommunication-3cxv18 3CX-V18 18.0.9.31 on Debian 10 (Buster)
aapanel aaPanel 8.0.3 on Ubuntu 24.04|aapanel-aapanellnmp aaPanel LNMP 7.0.11 on Ubuntu 22.04|activepieces Activepieces 0.3.13 on Ubuntu 22.04
adminbolt AdminBolt 1.7.0 on AlmaLinux 9.x|airflow Airflow 3.1.8 on Ubuntu 24.04|akaunting-20-04 Akaunting on Ubuntu 20.04
alby-albyhub Alby Hub 1.23.0 on Ubuntu 24.04|amd-jax0435 JAX 0.4.35 0.4.35 on Ubuntu 24.04|amd-megatron0100 Megatron 0.10.0 0.10.0 on Ubuntu 24.04
amd-megatronrocm7 Megatron (ROCm 7) 0.10.0 + ROCm 7.0 on Ubuntu 24.04|amd-openaigptoss OpenAI GPT OSS 120b on Ubuntu 24.04
amd-openaigptossrocm OpenAI GPT OSS (ROCm 7) 120b on Ubuntu 24.04|amd-pytorch251 PyTorch 2.5.1 2.5.1 on Ubuntu 24.04
amd-pytorchrocm7 PyTorch (ROCm7) 2.6.0 on Ubuntu 24.04|amd-rocm71software ROCm™ 7.1 Software 7.1 on Ubuntu 24.04
amd-rocm7software ROCm™ 7 Software on Ubuntu 24.04|amd-sglang046 SGLang 0.4.6 0.4.6 on Ubuntu 24.04|amd-sglangrocm7 SGLang (ROCm7) 0.4.9 on Ubuntu 24.04
amd-torchtune TorchTune 2.6.0 on Ubuntu 24.04|amd-vllm085 vLLM 0.8.5 0.8.5 on Ubuntu 24.04|amd-vllmrocm7 vLLM (ROCm7) 0.9.2 on Ubuntu 24.04
amddeveloperclou-amdprimus AMD Primus™ v26.5 on Ubuntu 24.04|amddeveloperclou-jax082rocm724 JAX 0.8.2 (ROCm 7.2.4) 0.8.2 on Ubuntu 24.04
amddeveloperclou-kimik32biton8xmi Kimi K3 2-bit on 8x MI300X UD-Q2_K_XL on Ubuntu 24.04
amddeveloperclou-minimaxh3videoau MiniMax-H3 Video+Audio on 8x MI300X FL2VA+Ref2VA on Ubuntu 24.04
amddeveloperclou-pytorch2100rocm7 PyTorch 2.10.0 (ROCm 7.2) 2.10.0 - ROCm 7.2 on Ubuntu 24.04
amddeveloperclou-qwen383biton8xmi Qwen3.8 3-bit on 8x MI300X UD-IQ3_XXS on Ubuntu 24.04
amddeveloperclou-rocm714software ROCm™ 7.14 Software 7.14 on Ubuntu 24.04|amddeveloperclou-rocm724 ROCm™ 7.2.4 7.2.4 on Ubuntu 24.04
amddeveloperclou-sglang0514rocm72 SGLang 0.5.14 (ROCm 7.2.4) 0.5.14 on Ubuntu 24.04
amddeveloperclou-sglang059 SGLang 0.5.9 0.5.9 - ROCm 7.0 on Ubuntu 24.04|amddeveloperclou-unslothstudio Unsloth Studio 2026.8.18 on Ubuntu 24.04
amddeveloperclou-unslothstudioroc Unsloth Studio (ROCm 7.2.4) 2026.8.18 on Ubuntu 24.04|amddeveloperclou-vllm0171 vLLM 0.17.1 0.17.1 on Ubuntu 24.04
amddeveloperclou-vllm0230 vLLM 0.23.0 0.23.0 on Ubuntu 24.04|amddeveloperclou-vllm0230rocm724 vLLM 0.23.0 (ROCm 7.2.4) 0.23.0 on Ubuntu 24.04
amddeveloperclou-vllm0271vllmomni vLLM 0.27.1 + vLLM-Omni (ROCm 7.14) 0.27.1 on Ubuntu 24.04
amddevelopercloud-pytorch2100rocm724 PyTorch 2.10.0 (ROCm 7.2.4) 2.12.0 on Ubuntu 24.04
amddevelopercloud-rocm72software ROCm™ 7.2 Software 7.2 on Ubuntu 24.04|analythium-shinyproxy-20-04 ShinyProxy 3.2.4 on Ubuntu 24.04
antmedia-antmediaserverco-18-04 Ant Media Server Community Edition 3.0.3 on Ubuntu 24.04
antmedia-antmediaserveren-18-04 Ant Media Server Enterprise Edition 3.0.3 on Ubuntu 24.04|anythingmcp AnythingMCP 0.1.1 on Ubuntu 24.04
apliteni-keitaro Keitaro 11.1.4 on CentOS 9 Stream|apps4rent-apache2onubuntu2 Apache2 on Ubuntu24-04 2.4.58 on Ubuntu 24.04
apps4rent-buildahonubuntu2 Buildah on Ubuntu24.04 1.33.7 on Ubuntu 24.04
apps4rent-djangoscikitlear Django-Scikitlearn on Ubuntu24-04 6.0.7,1.9.0 on Ubuntu 24.04
apps4rent-golangonubuntu24 Golang on Ubuntu24.04 1.26.5 on Ubuntu 24.04|apps4rent-jenkinsonubuntu2 Jenkins on ubuntu 24.04  2.555.2 on Ubuntu 24.04
apps4rent-nginxonubuntu240 Nginx on Ubuntu24-04 1.24.0 on Ubuntu 24.04|apps4rent-openjdk17onubunt OpenJDK17 on Ubuntu24-04 17.0.19 on Ubuntu 24.04
apps4rent-opentofuonubuntu Opentofu-on-Ubuntu24-04 1.12.3 on Ubuntu 24.04|apps4rent-podmanubuntu2404 Podman Ubuntu24.04 4.9.3 on Ubuntu 24.04
apps4rent-postgresqlonubun PostgreSQL on Ubuntu24.04 15.1 on Ubuntu 24.04|apps4rent-pulumiubuntu2404 Pulumi Ubuntu24.04 3.251.0 on Ubuntu 24.04
apps4rent-redisonubuntu240 Redis on Ubuntu24.04 7.0.15 on Ubuntu 24.04|apps4rent-rprogrammingonub R-programming-on-ubuntu-24.04 4.3.3 on Ubuntu 24.04
apps4rent-typescriptonubun TypeScript on ubuntu 24.04 6.0.3 on Ubuntu 24.04|appsmith-18-04 Appsmith 1.85 on Ubuntu 24.04
appwrite-20-04 Appwrite 1.4 on Ubuntu 22.04|aqtraplatform Aqtra Platform 0.13 on Ubuntu 20.04
ascensiosystem-onlyoffice-18-04 ONLYOFFICE Workspace 24.02.802 on Ubuntu 22.04 LTS
ascensiosystemsi-onlyofficedocspa ONLYOFFICE DocSpace 3.1 on Ubuntu 24.04 LTS
ascensiosystemsi-onlyofficeeditor-18-04-4 ONLYOFFICE Docs 9.3.1 on Ubuntu 24.04 LTS|askarlabs-passwordlab PasswordLab on Ubuntu 24.04
aumkarthakur-pennpostgresexpr PENN (Postgres + Express + Next.js) 1 on Ubuntu 24.04
auspiciaab-theplanminderpos-20-04 ThePlanMinder PostgreSQL 1.05 on Ubuntu 24.04|automazeme-n8n n8n 1.110.1 on Ubuntu 24.04 (LTS)
autopanel-postfix Postfix 1.0 on Ubuntu 24.04|autopanel-selfhostedemails Self Hosted Email Server 0.1.1 on Ubuntu 24.04
axlabs-1clicknodeforneo 1ClickNode for Neo 3.7.5 on Ubuntu 24.04|azuracast-20-04 AzuraCast 0.17.7 on Ubuntu 22.04
babybuddy Baby Buddy 2.8.0 on Ubuntu 24.04 (LTS)|bevywise-bevywisemqttrout BevywiseMQTTRoute 4.0 on Ubuntu 22.04|bigcloud-odoo Odoo 14 on Ubuntu 20.04
bitwarden Bitwarden 2026.7.2 on Ubuntu 24.04|blueskysocialpds BlueSky Social PDS 0.4 on Ubuntu 24.04|border0 Border0 1.1-1418 on Ubuntu 22.04
botguardo-botguardgatekeep BotGuard GateKeeper 1.5.3-4 on Debian 12 (bookworm)
botguardo-botguardingressc BotGuard Ingress Controller 1.0 on Debian 11 (bullseye)|cagent cagent 1.9.10 on Ubuntu 24.04
caligrafybypostc-caligrafy Caligrafy 2.0 on 22.10|callabacloud-callabacloudlive Callaba Cloud Live Streaming 6.0 on Ubuntu 20.04 (LTS)
caprover-18-04 CapRover 1.15.1 on Ubuntu 24.04|celerp Celerp on Ubuntu 24.04 (LTS) x
celiumssolutions-celiumsmemoryai Celiums Memory AI 1.2.7 on Ubuntu 24.04 (LTS)|certellixcom-certellix Certellix 1.4.2 on Ubuntu 24.04 LTS
chaarmiworlds-metaverse Metaverse 2.01b on Ubuntu 20.04|chevereto-20-04 Chevereto 4 on Ubuntu 22.04 LTS|chevereto-xrdebug xrDebug on Ubuntu 22.04 LTS
citedy-adclaw AdClaw 1.0.33 on Ubuntu 24.04 LTS|clevervpn-clevervpncluster Clever VPN Clustered Server v2.1.6 on ubuntu 24.4
clickhouse ClickHouse 23.10.4.25 on Ubuntu 24.04|cloudron-20-04 Cloudron 9.2.0 on Ubuntu 24.04
codelathe-filecloud-20-04 FileCloud  23.242.0.29412 on Ubuntu 22.04|codertechnologie-vscodeserver VS Code Server 4.126.0 on Ubuntu 22.04 (LTS)
codexcli Codex CLI 0.133.0 on Ubuntu 24.04|codexuniversal Codex Universal on Ubuntu 24.04|convoy Convoy 0.6.0 on Ubuntu 20.04
coolify Coolify 4.3.1 on Ubuntu 24.04|coreflux-corefluxmqttbrok Coreflux MQTT Broker 1.6.4 on Ubuntu 22.04
cpanel-cpanelwhmforalma cPanel & WHM® for AlmaLinux 9 11.136.0.32 on AlmaLinux 9
cpanel-cpanelwhmforubun cPanel & WHM® for Ubuntu 11.136.0.33 on Ubuntu 22.04|cpanel-wpsquared WP Squared 11.138.1.6 on CloudLinux 8
craftcms Craft CMS 5.10.11 on 24.04|crivion-laranodepanel Laranode Panel 1 on Ubuntu 24.04|csmm-20-04 CSMM 1.20.2 on Ubuntu 20.04
cyborgtest-yborgtestserver сyborgtest-server 5.7.2 on 22.04|decyphertekio-jenkinscicd Jenkins CI/CD 2.452.2 on Debian 12
decyphertekio-misp MISP 2.4.192 on Debian 12|decyphertekio-uptimekuma Uptime Kuma 1.23.13 on Debian 12
defensia-defensiaagent defensia-agent 1.0.0 on Ubuntu 24.04|depomo-chartbrew Chartbrew 5.2.2 on Ubuntu 22.04|deskpro Deskpro on Ubuntu 22.04
devdojo-laravel-20-04 Laravel 12.35.1 on Ubuntu 24.04|devrel-teleport-20-04 Teleport 17 on Ubuntu 22.04
digitaloceanai-1clickinferencer 1-Click Inference Ready - Single GPU 1.1.1 on Linux AI/ML Ready
digitaloceanai-1clickinferenceready8x 1-Click Inference Ready - Multi GPU 1.1.0 on Linux AI/ML Ready
digitaloceanai-deepseekr1671b1x DeepSeek R1 671B 1x R1-671B on Linux AI/ML Ready
digitaloceanai-deepseekr1671b8x DeepSeek R1 671B 8x R1-671B on Linux AI/ML Ready
digitaloceanai-deepseekr1distil DeepSeek R1 Distill Qwen 7B - Single GPU Distill-Qwen-7B on Linux AI/ML Ready
digitaloceanai-deepseekr1distillllama8b1x DeepSeek R1 Distill Llama 8B - Single GPU Distill-Llama-8B on Linux AI/ML Ready
digitaloceanai-deepseekr1distillllama8b8x DeepSeek R1 Distill Llama 8B 8x R1-Distill-Llama-8B on Linux AI/ML Ready
digitaloceanai-deepseekr1distillqwen7b8x DeepSeek R1 Distill Qwen 7B 8x R1-Distill-Qwen-7B on Linux AI/ML Ready
digitaloceanai-ernie4521ba3bbas ERNIE 4.5-21B-A3B-Base - Single GPU 4.5-21B-A3 on AI/ML Ready|digitaloceanai-jax JAX 0.11.1 on Ubuntu 24.04
digitaloceanai-jupyterlabamdmi3 JupyterLab - AMD MI300x 4.4.2 on AI/ML Ready Linux|digitaloceanai-rocmjupyter ROCm™ Software 6.4.0 on Ubuntu 24.04
digitaloceanai-rocmmegatronjupy Megatron 0.10.0 on Ubuntu 24.04|digitaloceanai-rocmpytorchjupyt PyTorch 2.6.0 on Ubuntu 24.04
digitaloceanai-rocmsoftware ROCm™ Software 6.4.1 on Ubuntu 24.0|digitaloceanai-rocmvllmjupyter vLLM 0.8.6 on Ubuntu 24.04
digitaloceanai-sglang SGLang 0.4.9 on Ubuntu 24.04|discourse-20-04 Discourse on Ubuntu 24.04|django-20-04 Django 6.0.8 on Ubuntu 24.04
docker-20-04 Docker on Ubuntu 22.04|dockeragent Docker Agent 1.120.0 on Ubuntu 24.04|dokku-20-04 Dokku 0.38.27 on Ubuntu 24.04
doteamaccount-helloworld Hello World 2026.4.23 on Ubuntu 24.04|doteamaccount-pocketbase PocketBase 0.39.11 on Ubuntu 22.04
drakkarsoftware-octobot OctoBot 1.0.1 on Ubuntu 22.04|dreamfactory DreamFactory 5.0.1 on Ubuntu 20.04.6|easypanel Easypanel 1.16.0 on Ubuntu 22.04
edgedb EdgeDB 5.4 on Ubuntu 20.04|edgedb-gel Gel 6.1 on Ubuntu 24.04|eduardokraus-lmsfriendlyinsta LMS Friendly Installation 5.0.2 on Ubuntu 24.04
elasticsearch ElasticSearch on Ubuntu 24.04|eltrino-magento2opensour-20-04 Magento 2 Open Source 1.7.0 on Ubuntu 24.04 (LTS)
eummena-moodle-10 moodle 4.3.2 on Debian 12|exa Exa 3.2.1 on 24.04|farm FARM on Ubuntu 24.04|fastpanel-deb-9 FASTPANEL 1.11-ubuntu20.04p54 on Ubuntu 24.04
flashphoner-7-6 Flashphoner Web Call Server 5.2.1484 on CentOS 7.6|flask Flask 3.1.3 on Ubuntu 24.04
flexifyio-flexifyiomulticl-20-04 Flexify.IO Multi-cloud / Migration 2.24.0 on Ubuntu 24.04 LTS|flowforge FlowForge 2.4.0 on Ubuntu 22.04
flowforge-flowfuse FlowFuse 2.33.2 on Ubuntu 22.04|fossorial-pangolince1 Pangolin (CE) on Ubuntu 24.04|futo-immich Immich release on Ubuntu 24.04 (LTS)
genesisdb-genesisdbce GenesisDB CE 1.1.3 on Ubuntu 24.04 (LTS) x|ghost-20-04 Ghost on Ubuntu 24.04|gibsonai-memori Memori 1.0 on Ubuntu 24.04 (LTS)
gitlab-gitlabenterprise-20-04 GitLab Enterprise Edition on Ubuntu 22.04|goauthentikio-authentik authentik 2026.5.3 on Ubuntu 24.04
goose Goose 1.33.1 on Ubuntu 24.04|gorails-hatchbox Hatchbox 1.0.1 on Ubuntu 26.04|grafana-18-04 Grafana 11.2 on Ubuntu 24.04
gravitl-netmaker Netmaker 0.18.7 on Ubuntu 22.10|grokbuild Grok Build 1.0.5 on Ubuntu 24.04
haltdos-haltdoscommunity Haltdos Community WAF 1.0.4 on Ubuntu 22.04|haltdos-haltdosprowaf Haltdos Pro WAF 1.0.1 on Ubuntu 22.04
haltdos-haltdoswafpro Haltdos WAF Pro 1.0.1 on Ubuntu 22.04|harperdb-18-04 HarperDB 4.3.2 on Ubuntu 22.04|hashicorpvault HashiCorp Vault on Ubuntu 24.04
hermesagent Hermes Agent v2026.7.20 on Ubuntu 24.04|hollaex-hollaexkit HollaEx Kit 2.17.7 on Ubuntu 24.04
ibsurgeon-hqbirdfirebird HQbird Firebird  3.0-10.1.1209 on CentOS 7|ibsurgeon-hqbirdfirebirdv2 HQbird Firebird v2.5 2.5.9.27190-11.3.101 on Ubuntu 24.04
ibsurgeon-hqbirdfirebirdv3 HQbird Firebird v3.0 3.0.14.33827-11.3.10 on Ubuntu 24.04
ibsurgeon-hqbirdfirebirdv4 HQbird Firebird v4.0 4.0.6.3223-11.3.1017 on Ubuntu 24.04
ibsurgeon-hqbirdfirebirdv5 HQbird Firebird v5.0 5.0.4.1722-11.3.1017 on Ubuntu 24.04|icewarp IceWarp 14.3 on Rocky Linux 9.x
ikigaisystems-fundamento Fundamento 0.2.0 on Ubuntu 24.04|in4it-vpnserver VPN Server 1.1.12 on Ubuntu 24.04
infosoftbdsoluti-nextgenswitch NextGenSwitch 1.0 on AlmaLinux 9.x|intel-intelgprofilercr Intel gProfiler Crypto Demo 1.3 on Ubuntu 20.04
invoiceninja-20-0-4 Invoice Ninja 5 on Ubuntu 20.0.4|ispmanager-ispmanager6 Ispmanager 6 6.146.2 on Ubuntu 24.04
jelastic-jelasticpaas-7 Jelastic PaaS 8.2-5 on Centos 7|jelastic-virtuozzoapplica Virtuozzo Application Platform  8.4-3 on CentOS 7
jellyfin Jellyfin 10.11.11 on 24.04|jenkins Jenkins 2.426.3 on Ubuntu 22.04|jitsiserver-20-04 Jitsi Server 1.0.9268 on Ubuntu 24.04
josecanchila-thormail ThorMail 1.0.b on Ubuntu 24.04 (LTS)|kandralabs-zulip-18-04 Zulip 12.1 on Ubuntu 22.04
kasmtechnologies-kasmworkspaces-18-04 Kasm Workspaces 1.18.1 on Ubuntu 24.04|kromit-titra-20-04 titra 0.90.2 on Ubuntu 22.04
kuyio-konnectvpna Konnect VPN Access Server 2310.0 on Ubuntu 20.04|lamp-20-04 LAMP on Ubuntu 24.04
laravel-forge-ubuntu-20-04 Laravel Forge - Ubuntu 20.04 0.4.2 on Ubuntu 20.04|laravel-forge-ubuntu-22-04 Laravel Forge - Ubuntu 22.04 0.5.1 on Ubuntu 22.04
laravel-forge-ubuntu-24-04 Laravel Forge - Ubuntu 24.04 0.5.2 on Ubuntu 24.04|laravelforge Laravel Forge 0.1.0 on Ubuntu 24.04
laravelforge-laravelforgeubun Laravel Forge - Ubuntu 22.04 0.1.0 on Ubuntu 22.04
laravelforge-laravelforgeubuntu2604 Laravel Forge - Ubuntu 26.04 0.1.0 on Ubuntu 26.04|launchwp-launchwpio LaunchWP.io 1.0.2 on Ubuntu 24.04 (LTS)
lemp-20-04 LEMP on Ubuntu 24.04|linuxgsm LinuxGSM 26.2.0 on Ubuntu 24.04|linuxpatchcom-linuxpatchapplia LinuxPatch Appliance 1.8 on Ubuntu 24.04 (LTS)
litespeedtechnol-cyberpanel-20-04 CyberPanel 2.4.7 on Ubuntu 24.04|litespeedtechnol-openlitespeedcla-18-04 OpenLiteSpeed ClassicPress 2.4.1 on Ubuntu 24.04
litespeedtechnol-openlitespeeddja-20-04 OpenLiteSpeed Django 6.0.2 on Ubuntu 24.04
litespeedtechnol-openlitespeeddru OpenLiteSpeed Drupal 11.3.9 on Ubuntu 24.04
litespeedtechnol-openlitespeedjoo-20-04 OpenLiteSpeed Joomla 6.1.1 on Ubuntu 24.04
litespeedtechnol-openlitespeednod-20-04 OpenLiteSpeed NodeJS 26.1.0 on Ubuntu 24.04
litespeedtechnol-openlitespeedrai-20-04 OpenLiteSpeed Rails 8.1.3 on Ubuntu 24.04
litespeedtechnol-openlitespeedwor-20-04 OpenLiteSpeed WordPress 7.0.4 on Ubuntu 26.04|logstore log-store 0.6.3 on Ubuntu 22.04
m3o-micro Micro 3.15.0 on 22.04|mangati-novosga NovoSGA 2.2 on Ubuntu 22.04|mariadb MariaDB 10.11.14 on Ubuntu 24.04
mastodon-18-04 Mastodon 4.2.1 on Debian 12|mean MEAN 8.0.17 on Ubuntu 24.04|meilisas-meilisearch-10 MeiliSearch 1.15.0 on Debian 11 (Bullseye)
mern MERN on Ubuntu 22.04|mgtcommercegmbh-cloudpanel2ubunt CloudPanel 2 - Ubuntu 24.04 2.5.4 on Ubuntu 24.04
microwebercms-microweber-20-04 Microweber 2.0.9 on Ubuntu 22.04|minecraftforgeed Minecraft Forge Edition Server 26.1.2 on Ubuntu 24.04
mjmair-inventree InvenTree 1.3.4 on Ubuntu 24.04|moltbot Moltbot 1.24-1 on Ubuntu|monetdbsolutions-monetdb MonetDB 11.49.9 on Ubuntu 20.04
mongodb-18-04 MongoDB 8.0.17 on Ubuntu 24.04|multiversx-multiversxfullob MultiversX Full Observing Squad 1.0 on Ubuntu 22.04
multiversx-multiversxobserv MultiversX Observing Squad 1.0 on Ubuntu 22.04
multiversx-multiversxtestne MultiversX Testnet Sovereign Chain alpha on Ubuntu 22.04|mysql-20-04 MySQL on Ubuntu 24.04
nakama-18-04 Nakama 3.12.0 on Ubuntu 18.04|neuralmagic-deepsparseinfere DeepSparse Inference Runtime 1.5.2 on Ubuntu 22.10
nextcloudgmbh-nextcloud Nextcloud 6.0.0 on Ubuntu 24.04 (LTS)|nginx NGINX 1.23.3 on Ubuntu 22.04
nirvatosoftware-nirvashare-20-04 NirvaShare 7.2.0 on Ubuntu 24.04 (LTS)|nodejs-20-04 NodeJS on Ubuntu 24.04|npool nPool 1.8 on Ubuntu 20.04
omniedge-omniedgesupernod omniedge-supernode 2.6 on Ubuntu 22.04|openblocks Openblocks 1.1.8 on Ubuntu 20.04 (LTS)
openboxes-openboxesserver OpenBoxes Server 0.8.20 on Ubuntu 24.04 LTS|openclaw OpenClaw 2026.7.1-2 on Ubuntu 24.04
opencode OpenCode 1.18.18 on Ubuntu 24.04|openhands OpenHands 1.4.0 on 24.04|openpanel OpenPanel 0.2.1 on Ubuntu 22.04
openrouter-spawnclaude Spawn claude 0.1.0 on Ubuntu 24.04 (LTS)|openrouter-spawncodex Spawn Codex 0.1.0 on Ubuntu 24.04 (LTS)
openrouter-spawncursor Spawn Cursor 0.1.0 on Ubuntu 24.04 (LTS)|openrouter-spawnhermes Spawn Hermes 0.1.0 on Ubuntu 24.04 (LTS)
openrouter-spawnjunie Spawn Junie 0.1.0 on Ubuntu 24.04 (LTS)|openrouter-spawnkilocode Spawn Kilo Code 0.1.0 on Ubuntu 24.04 (LTS)
openrouter-spawnopenclaw Spawn OpenClaw 0.1.0 on Ubuntu 24.04 (LTS)|openrouter-spawnopencode Spawn OpenCode 0.1.0 on Ubuntu 24.04 (LTS)
openrouter-spawnpi Spawn Pi 0.1.0 on Ubuntu 24.04 (LTS)|openrouter-spawnt3code Spawn t3code 0.1.0 on Ubuntu 24.04 (LTS)
openrouter-spawnzeroclaw Spawn ZeroClaw 0.1.0 on Ubuntu 24.04 (LTS)|openvpn-18-04 OpenVPN Access Server 3.2.2 on Ubuntu 24.04
operateengineeri-operate Operate 1.0.0 on Ubuntu 24.04|optimajet-workflowserver-18-04 WorkflowServer 3.1.1 on Ubuntu 22.04
optimajet-workflowserver3 Workflow Server 3 3.1.1 on Ubuntu 22.04|origintrail-origintraildkgma OriginTrail DKG mainnet node 6 on Ubuntu 20.04
origintrail-origintraildkgte OriginTrail DKG testnet node 6 on Ubuntu 20.04|origintrail-origintrailnode OriginTrail node 6 on Ubuntu 20.04
osmosislabs-osmosis Osmosis 19.2.0 on Ubuntu 22.04|ossrs-srs SRS 5.13.31 on Ubuntu 20.04|owncast-10 Owncast on Debian 13
panelica-panelicahostingp Panelica Hosting Panel 1.0.375 on Ubuntu 24.04|passboltsa-passboltce-20-04 Passbolt CE 5.14.3-1 on Debian 13
payram PayRam 1.0.0 on Ubuntu 24.04 (LTS)|perforce-perforcehelixcor Perforce Helix Core 2025.1 on Rocky 9.5
perforce-perforcep4helixc Perforce P4 (Helix Core) 2025.2.0 on rocky 9|pgsync PGSync 7.0.0 on Ubuntu 22.04 LTS|photoprism-20-04 PhotoPrism on Ubuntu 26.04
phpmyadmin-20-04 PhpMyAdmin on Ubuntu 24.04|pirichaintechnol-pirisubchainsnod Pirisubchains Node 1.0.6 on 22.04
planesoftware-plane Plane 3.0.0 on Ubuntu 22.04 LTS|planesoftware-planecommunityed Plane (Community Edition) 1.1.0 on Ubuntu 24.04
plausibleanalyti Plausible Analytics 3.0.4 on Ubuntu 24.04|playboxtechnolog-ottstream OTT Stream 1.0 on Centos 7|plesk-20-04 Plesk 18.0.76 on Ubuntu 24.04
plesk-pleskalmalinux Plesk (AlmaLinux) 18.0.76 on AlmaLinux 9|plesk-pleskcentos-7-9 Plesk (CentOS) 18.0.60 on AlmaLinux 9
plesk-plesktest Plesk-test 18.0.59 on Ubuntu 22.04|postalsystemso-emailengine EmailEngine 2.50.9 on Ubuntu 22.04
prometheus-18-04 Prometheus 3.3.0 on Ubuntu 24.04|quantrocket QuantRocket 2.11.0 on Ubuntu 24.04|questdb-20-04 QuestDB 8.2.2 on Ubuntu 20.04
rabbitmq RabbitMQ 4.1.3 on Ubuntu 22.04|rackware-rackwarecloudmig RackWare Cloud Migration 7.4.5.6 on CentOS 7.x
rexarsystems-ngstack NgStack 1.5.0 on Ubuntu 24.04 LTS|ringq RingQ 8.7.71 on Debian 12 x64|rocketchat-20-04 Rocket.Chat 6.12.0 on Ubuntu 20.04
rstudio-20-04 RStudio 2021.09.2+382 on Ubuntu 20.04|rubyonrails-20-04 Ruby on Rails 8.1.1 on Ubuntu 24.04
runcloud-runcloud2004-20-04 RunCloud-20.04 2.6.1.1 on Ubuntu 20.04|runcloud-runcloud2404ngin RunCloud-24.04 (NGINX, MariaDB) 2.17 on Ubuntu 24.04
runcloud-runcloud2404nginxmysql RunCloud-24.04 (NGINX, MySQL) 2.17 on Ubuntu 24.04
runcloud-runcloud2404olsm RunCloud-24.04 (OLS, MariaDB) 2.17 on Ubuntu 24.04|runcloud-runcloud2404olsmysql RunCloud-24.04 (OLS, MySQL) 2.17 on Ubuntu 24.04
saltcorn-20-04 Saltcorn 1.6.0 on Debian 13|sandflysecurity-20-04 Sandfly Security 5.8.1 on Debian 13 (Trixie)
scalegrid-scalegridcentos7 Scalegrid-Centos7 1 on Centos7|scottmillerio-hellonewworld Hello New World 2 on 24.04
searchblox-searchai SearchAI 10.8.0.5 on CentOS Stream 9|searchblox-searchbloxenterp-7-6 SearchBlox Enterprise Search 10.6 on CentOS 8.0
seatablegmbh-seatable SeaTable 5.0.8 on Debian 11|securityroots-dradis dradis 5.1.0 on Debian 12
sekoyatech-libredbstudio LibreDB Studio 0.9.59 on Ubuntu 24.04|semaphore Semaphore 2.13.1 on Ubuntu 22.04
severalnines-clustercontrol-20-04 ClusterControl 2.4.0 on Ubuntu 24.04|sharklabs-anaconda Anaconda 2025.12-2 on Ubuntu 22.04 (LTS)
sharklabs-apachekafka Apache Kafka 3.1.0 on Ubuntu 24.04|sharklabs-campfire Campfire on Ubuntu 24.04
sharklabs-codeserver1 Code Server 4.19.1 on Ubuntu 22.04 (LTS)|sharklabs-conduktorconsole Conduktor Console 1.46.1 on Ubuntu 24.04
sharklabs-counterstrike2 Counter Strike 2 on Ubuntu 22.04|sharklabs-dropletnfsserver Droplet NFS Server on Ubuntu 24.04
sharklabs-erpodoo Odoo ERP 19.5 on Ubuntu 24.04|sharklabs-foldinghome-18-04 Folding@home 8.5.5 on Ubuntu 24.04
sharklabs-jupyternotebook Jupyter Notebook 7.4.5 on Ubuntu 24.04|sharklabs-keycloak Keycloak 25.0 on Ubuntu 22.04|sharklabs-kibana Kibana on Ubuntu 24.04
sharklabs-logstash LogStash on Ubuntu 24.04|sharklabs-matrixsynapsebac-10 Matrix (Synapse backend) 0.1.7 on Debian 12 (bookworm)
sharklabs-minecraftjavaedi-18-04 Minecraft: Java Edition Server 26.2 on Ubuntu 24.04|sharklabs-nemoclawalpha NemoClaw (Alpha) 0.0.1-alpha on Ubuntu 24.04
sharklabs-ollamawithopenwe Ollama with Open WebUI 0.10.2 on Ubuntu 24.04|sharklabs-openmptcprouter OpenMPTCProuter 0.1.0-beta on Debian 11
sharklabs-opensearch OpenSearch 3.4.0 on Ubuntu 24.04|sharklabs-openwebui Open WebUI 0.10.2 on Ubuntu 24.04
sharklabs-pangolin Pangolin 1.2.0 on Ubuntu 24.04 LTS|sharklabs-paperminecraftse Paper: Minecraft Server 26.1.2 on Ubuntu 24.04
sharklabs-perconamonitorin Percona Monitoring and Management 3 on Ubuntu 24.04|sharklabs-piholevpn Pi-hole VPN 0.2.1-beta on Debian 11
sharklabs-prometheus2541 Prometheus-2.54.1 2.54.1 on Ubuntu 24.04|sharklabs-strapi1click Strapi 5.0.0 on Ubuntu 24.04
sharklabs-valkey Valkey 8.1.4 on Ubuntu 22.04|shellhub ShellHub 0.10.4 on Ubuntu 22.04|skudonet-skudonetv10 SKUDONET v10 10.0.4 on Debian 12
slotixsro-dbconvertstreams DBConvert Streams 1.2.0 on Ubuntu 24.04|smartarget-prestashop PrestaShop 8.1.5 on Ubuntu 22.04
smartarget-wordpresswoocomm WordPress-WooCommerce 9.5.2 on Ubuntu 24.04 (LTS)
softlab24-opensourcesocial-18-04 Open Source Social Network 9.4 on Ubuntu 24.04 (LTS)|soos-soosdastdroplet SOOS DAST Droplet 0.3.4 on Ubuntu 20.04
spinupwp SpinupWP 1.0 on Ubuntu 22.04|stacksfoundation-stacksblockchain Stacks Blockchain 2.05.0.6.0 on Debian 11
stretchshop StretchShop 0.6.8 on Ubuntu 22.04|supabase Supabase 1.26.05 on Ubuntu 24.04|superinverse-statusnook Statusnook 0.2.0 on Ubuntu 24.04
supernetworks-spr SPR 1.1.8 on Ubuntu 24.04|superplane SuperPlane on Ubuntu 24.04 (LTS)|svnplus SVNPlus 0.1 on Ubuntu 24.04
swarmfoundation-swarmlightnode Swarm Lightnode 0.1a on Ubuntu 20.04|swpanel SWPanel 1.0 on Debian 12
tebex-tebexrconadapter Tebex RCON Adapter 1.1.1 on 24.04|techdomeai-sparrow Sparrow 1.0.0 on Ubuntu 24.04
techdomeai-sparrowcommunity Sparrow Community Edition 1.2.0 on 24.04|techdomeai-sparrowcommunityedition1 Sparrow-Community-Edition 1.4.5 on 24.04
temporal Temporal 1.29.1 on Ubuntu 24.04|thegrampsproject-grampsweb Gramps Web 3.0 on Ubuntu 22.04|tips4designsrl-uxwizz UXWizz 7.1.0 on Ubuntu 20.04
ubuntudesktopgno Ubuntu Desktop (GNOME) on Ubuntu 24.04|uibakery UI Bakery 3.96.2 on Ubuntu 24.04|utnadmins-utunnelvpn UTunnel VPN 10114 on Ubuntu 24.04
vagrant Vagrant 2.4.9 on Ubuntu 24.04|varnishsoftware-varnishcache-18-04 Varnish Cache 6.0.13 on Ubuntu 20.04
victoriametrics-victorialogssing VictoriaLogs Single 1.51.0 on 24.04|victoriametrics-victoriametricss VictoriaMetrics Single 1.146.0 on Ubuntu 24.04
virolateam-virolamessenger Virola Messenger 2.6.5 on Ubuntu 24.04|vodianetworks-vodiaanalyticsse Vodia Analytics Server 1.0.0 on Ubuntu 24.04 (LTS)
vodianetworks-vodiamonitor1 Vodia Monitor 1.0.0 on Ubuntu 24.04 LTS|vodianetworks-vodiapbxprepaido Vodia PBX Prepaid Offer 70.4 on Ubuntu 22.04
vodianetworks-vodiaphonesystem-10 Vodia Multi-tenant Cloud PBX 70.4 on Ubuntu 24.04
vodianetworks-vodiawallboardss Vodia Wallboards Server 1.0.0 on Ubuntu 24.04 (LTS)|warpspeedvpn-wpcontroller wpcontroller 20221127181653 on Ubuntu 22.04
wgdashboard WGDashboard 4.3.3 on Ubuntu 24.04|whmcs WHMCS 8.12 on Ubuntu 22.04|wikijs-18-04 Wiki.js 2.5.314 on Ubuntu 24.04 (LTS)
wordpress-20-04 WordPress 7.0.2 on Ubuntu 24.04|wordsmythcreatio-aresmush AresMUSH 2.13.0 on Ubuntu 24.04|wpclouddeploy WPCloudDeploy 5.5.0 on Ubuntu 20.04
xplex xplex 1.0.0 on Ubuntu 22.04 (LTS)|yeastar-yeastarpseriesph Yeastar P-Series Phone System 83.18.0.72 on Ubuntu 24.04 LTS
yeastar-ypsps1 YPSPS-1 83.11.0.30 on Ubuntu 20.04 LTS|zabbix-zabbixproxy64 Zabbix Proxy 6.4 6.4.1 on Alma Linux 9.1
zabbix-zabbixserver60 Zabbix Server 6.0 6.0.17 on Alma Linux 9.1|zabbix-zabbixserver62 Zabbix Server 6.2 2 on CentOS 8
zabbix-zabbixserver64 Zabbix Server 6.4 6.4.1 on Rocky Linux 9.1|zeroclaw ZeroClaw v0.8.2 on Ubuntu 24.04|zeslecp-7 ZesleCP 3.1.20 on CentOS 7.x
znuny Znuny 6.4.5 on Debian 10 (buster)|znuny-znunylts-10 Znuny LTS 6.5.8 on Debian 12 bookworm)
`

/** An application as far as it was recorded. */
export interface ApplicationName {
  readonly slug: string
  readonly name: string
}

/** All of them, in the order of their slugs. */
export const applicationNames: readonly ApplicationName[] = recorded
  .trim()
  .split(/[|\n]/)
  .map((entry) => {
    const space = entry.indexOf(' ')
    return { slug: entry.slice(0, space), name: entry.slice(space + 1) }
  })
